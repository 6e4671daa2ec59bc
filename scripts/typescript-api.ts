// TypeScript's API in JavaScript, under the name of the package that tools look for it in. Touches nothing.
export { ts as default } from "@ts-morph/common";
