/**
 * Stands between the local server and the network, in the runtime itself: answers for the sample shop's own host, whose name
 * leads nowhere (RFC 2606), and passes everything else on as it is. Reads scripts/sample/pictures, which is all it has.
 */
const HOST = "kiln-and-loom.example";

/** The only names there are: nothing else is looked up on disk. */
const PICTURE = /^\/pictures\/([a-z-]+\.webp)$/;

export default {
  async fetch(request, { PICTURES }) {
    const { hostname, pathname } = new URL(request.url);
    if (hostname !== HOST) return fetch(request);
    const [, file] = PICTURE.exec(pathname) ?? [];
    const found = file === undefined ? undefined : await PICTURES.fetch(`http://pictures/${file}`);
    if (!found?.ok) return new Response("There is no such picture.\n", { status: 404 });
    return new Response(found.body, { headers: { "Content-Type": "image/webp" } });
  },
};
