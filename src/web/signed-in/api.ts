/** The API as whoever is signed in may use it: the cookie goes along by itself. Touches the network when it is used. */
import { createApi, type Api } from "../../sdk/api.ts";

export const api: Api = createApi({ api: location.origin });
