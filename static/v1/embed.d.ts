/** Types of embed.mjs, and of the global `Keyhatch` that embed.js makes. */

export as namespace Keyhatch;

/** The short form of a connection, as browsers get it. The host's server learns more. */
export interface Connection {
  id: string;
  connection_type: string;
  name: string;
}

export interface Success {
  connection: Connection;
  /** Signed by Keyhatch. Send it to your server, which verifies it: a browser is no witness. */
  receipt: string;
}

export interface Exit {
  /**
   * Why there is no connection: `closed` by the person, or `session_expired`, `origin_not_allowed`,
   * `blocked` (this page's Content-Security-Policy), `no_answer`, `no_token`. More may be added.
   */
  reason: string;
}

/** What the form tells while it is open. Never the value of a field. */
export type FormEvent =
  | { type: "ready" }
  | { type: "height"; height: number }
  | { type: "submitted" }
  | { type: "failed"; code: string }
  | ({ type: "success" } & Success)
  | ({ type: "exit" } & Exit);

export interface Words {
  /** Name of the dialog and the frame, for example "Connect Shopify". */
  title: string;
  opening: string;
  failed: string;
  /** Stands before the directive that is missing, for example `frame-src https://connect.example`. */
  blocked: string;
  retry: string;
  close: string;
}

export interface Options {
  /** `embed_url` of the connect session. */
  url: string;
  /**
   * `token` of the connect session, or a function that asks your server for one. With a function the
   * form can be opened again and a session that ran out is renewed with its input kept.
   */
  token: string | (() => string | Promise<string>);
  /** The few sentences of this script, in the person's language. */
  words?: Partial<Words>;
  onEvent?(event: FormEvent): void;
}

export interface MountOptions extends Options {
  onSuccess?(success: Success): void;
  onExit?(exit: Exit): void;
}

/**
 * Shows the form in a modal dialog. Resolves as soon as the connection is stored, while the dialog
 * still says so; rejects with an `Exit`.
 */
export function open(options: Options): Promise<Success>;

/**
 * Shows the form inside an element. A second call for the same element changes the callbacks and the
 * token of the first and opens nothing. `close` takes the form away without asking.
 */
export function mount(element: Element, options: MountOptions): { close(): void };

/**
 * `<keyhatch-form url="…" token="…">`, for a script or a framework that prefers elements. As a
 * property, `token` may be a function; set it before the element gets its `url`.
 */
export interface KeyhatchFormElement extends HTMLElement {
  token: Options["token"] | undefined;
  addEventListener(type: "success", listener: (event: CustomEvent<Success>) => void): void;
  addEventListener(type: "exit", listener: (event: CustomEvent<Exit>) => void): void;
  addEventListener(type: "event", listener: (event: CustomEvent<FormEvent>) => void): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "keyhatch-form": KeyhatchFormElement;
  }
}
