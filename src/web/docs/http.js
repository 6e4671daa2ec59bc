// Shows /openapi.json with Swagger UI. It asks no other host: the online validator is switched off.
const dark = matchMedia("(prefers-color-scheme: dark)");
const setColours = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", setColours);
setColours();

window.SwaggerUIBundle({
  url: "/openapi.json",
  domNode: document.getElementById("viewer"),
  validatorUrl: "none",
  // A key that was sent before would answer with what it answered then.
  requestInterceptor: (request) => {
    if (request.headers["Idempotency-Key"]) request.headers["Idempotency-Key"] = crypto.randomUUID();
    return request;
  },
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
});
