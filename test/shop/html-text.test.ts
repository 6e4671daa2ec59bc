/** HTML descriptions as the text a person would read. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOf } from "../../src/shop/catalog/html-text.ts";

describe("text of HTML", () => {
  it.each([
    ["<p>Fine <b>cotton</b></p><p>Soft</p>", "Fine cotton\n\nSoft"],
    ["<ul><li>one</li><li>two</li></ul>", "one\ntwo"],
    ["one<br>two<br/><br>three", "one\ntwo\n\nthree"],
    ["<div>one</div><div>two</div>three", "one\ntwo\nthree"],
    ["<table><tr><td>Size</td><td>M</td></tr><tr><td>Fit</td><td>slim</td></tr></table>", "Size M\nFit slim"],
    ["<p>a\n  wrapped\n  line</p>", "a wrapped line"],
    ["Caf&eacute; &amp; bar&nbsp;&#8364;5 &#x1F600;", "Café & bar €5 😀"],
    ["5 < 6 & 7 > 3", "5 < 6 & 7 > 3"],
    ["plain\ntext\n\n\n\nkeeps  its lines\n", "plain\ntext\n\nkeeps its lines"],
    ["", ""],
  ])("%o reads %o", (html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it.each([
    ["<script>alert(1)</script>safe<style>p{}</style>", "safe"],
    ["<script>if (a < b) document.write('</p>')</script>safe", "safe"],
    ["<scr<script>ipt>alert(1)</scr</script>ipt>", "ipt>alert(1)ipt>"],
    ["<img src=x onerror=alert(1)>safe", "safe"],
    ["safe<img src='x", "safe"],
    ["<!-- <b>not</b> -->safe<!-- open", "safe"],
    ["<iframe srcdoc='<script>1</script>'><p>fallback</iframe>safe", "safe"],
    ["<svg><style><img src=x></style></svg>safe", "safe"],
    ["<a href='javascript:alert(1)'>click</a>", "click"],
    ["<textarea><b>as is</b></textarea>", "<b>as is</b>"],
    ["safe\u0000\u0007", "safe"],
  ])("leaves out what is no text: %o", (html, text) => {
    expect(textOf(html)).toBe(text);
  });

  it("decodes character references once: what was written as text stays text", () => {
    expect(textOf("&lt;script&gt; &amp;lt;b&amp;gt;")).toBe("<script> &lt;b&gt;");
  });

  it("has no control characters, whatever comes in", () => {
    const html = fc.string({
      unit: fc.constantFrom("<", ">", "p", "/", "&", "#", "1", ";", "\u0000", "\n", '"', "'", "!", "-", " "),
    });
    fc.assert(
      fc.property(html, (text) => {
        expect(textOf(text)).not.toMatch(/[^\P{Cc}\n]/u);
      }),
    );
  });
});
