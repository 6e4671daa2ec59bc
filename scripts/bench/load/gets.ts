// GETs over kept-alive connections, each next one when the answer has come.
import { cpuMsOf } from "../machine.ts";
import { RawHttp, requestOf } from "./http.ts";
import type { GetJob, GetsDone } from "./jobs.ts";

export async function runGets({ urls, connections, requests, servers, headers }: GetJob): Promise<GetsDone> {
  const bytes = urls.map((url) => requestOf("GET", url, headers));
  const lines = await Promise.all(Array.from({ length: connections }, () => RawHttp.open(urls[0] ?? "")));
  let sent = 0;
  let answered = 0;
  let complaint: string | undefined;
  const cpuBeforeMs = cpuMsOf(servers) ?? Number.NaN;
  const startedAt = performance.now();
  await new Promise<void>((resolve, reject) => {
    for (const line of lines) {
      const next = (): void => {
        if (sent >= requests) return;
        line.send(bytes[sent % bytes.length]!);
        sent += 1;
      };
      line.onAnswer = (status, body, start, end) => {
        if (status !== 200 && status !== 304) complaint ??= `${status} ${body.toString("utf8", start, end)}`;
        answered += 1;
        if (answered === requests) resolve();
        else next();
      };
      line.onEnd = (reason) => reject(new Error(reason));
      next();
    }
  });
  const ms = performance.now() - startedAt;
  const cpuMs = (cpuMsOf(servers) ?? Number.NaN) - cpuBeforeMs;
  for (const line of lines) line.end();
  return { ms, cpuMs, answered, ...(complaint === undefined ? {} : { complaint }) };
}
