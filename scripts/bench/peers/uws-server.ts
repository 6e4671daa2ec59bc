// A fan-out peer: uWebSockets.js, which frames a text once for all who subscribe. A change comes by POST. Bundled for
// the Node that the library was built for.
import { App } from "@trufflesuite/uws-js-unofficial";
import { onChange, type Manner } from "./broadcast.ts";

const [manner = "each", text = "", port = ""] = process.argv.slice(2);
const TOPIC = "all";

const app = App()
  .ws("/*", {
    compression: 0,
    idleTimeout: 0,
    open: (socket) => void socket.subscribe(TOPIC),
  })
  .post("/*", (response, request) => {
    change(Number(request.getUrl().slice(1)));
    response.end();
  });
const change = onChange(manner as Manner, text, (frame) => app.publish(TOPIC, frame));
process.on("disconnect", () => process.exit());
app.listen("127.0.0.1", Number(port), (socket) => {
  if (socket === false) throw new Error(`port ${port} is taken`);
  process.send?.({ port: Number(port) });
});
