/** Who is signed in, by the cookie that no script can read; signing out; the way to sign in. Touches the network and the address. */
import type { Schemas } from "../../sdk/api.ts";
import { DropcastError } from "../../sdk/index.ts";
import { api } from "./api.ts";

/** A seller or a creator; with `session` a moderator of that session alone. */
export type Who = Omit<Schemas["SignIn"], "id">;

/** Leads to the sign-in page, and never resolves, where nobody is signed in. Rejects with `offline` when nothing answers. */
export async function whoIsSignedIn(): Promise<Who> {
  try {
    return (await api.GET("/v1/sign-ins/current")).data;
  } catch (error) {
    if (!isSignedOut(error)) throw error;
    location.replace(signInAddress());
    return new Promise(() => undefined);
  }
}

/** Where to sign in and come back to this very page. */
export function signInAddress({
  pathname,
  search,
}: Pick<Location, "pathname" | "search"> = location): string {
  return `/sign-in#to=${encodeURIComponent(pathname + search)}`;
}

let isLeaving = false;

/** Who signed out in another tab is out already. */
export async function signOut(): Promise<void> {
  isLeaving = true;
  try {
    await api.DELETE("/v1/sign-ins/current");
  } catch (error) {
    if (!isSignedOut(error)) {
      isLeaving = false;
      throw error;
    }
  }
  location.replace("/sign-in");
}

/** Begins the page anew, which leads to the sign-in page and back; whoever has just signed out is on the way there already. */
export function askAgain(): void {
  if (!isLeaving) location.reload();
}

function isSignedOut(error: unknown): boolean {
  return error instanceof DropcastError && error.code === "unauthenticated";
}
