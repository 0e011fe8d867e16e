/**
 * What happens in a run, told once, as it happens. The invariants, the figures, the journal, the live view and tests
 * that react all listen to this one stream; nothing keeps a second account.
 *
 * Values that cross the wire stand in events as the text they were encoded to (see labrpc/codec.ts).
 */
export type SimulationEvent = { readonly atMs: number } & (
	| ServerEvent
	| MessageEvent
	| { readonly kind: "network"; readonly reliable: boolean; readonly longReordering: boolean }
	/** The tester does or says something. */
	| { readonly kind: "tester"; readonly text: string }
	| { readonly kind: "warning"; readonly text: string }
	/** A limit was kept, by how much: `used` of `limit`. */
	| { readonly kind: "limit"; readonly what: string; readonly used: number; readonly limit: number }
	| { readonly kind: "failure"; readonly check: string; readonly text: string }
);

/** Something that happens at one server. */
export type ServerEvent = { readonly server: number } & (
	| { readonly kind: "boot"; readonly incarnation: number }
	| { readonly kind: "crash" | "connect" | "disconnect" }
	| { readonly kind: "pause"; readonly forMs: number }
	/** The term or the role, as getState() tells it, has changed. */
	| { readonly kind: "state"; readonly term: number; readonly isLeader: boolean }
	/** The step is over in which the server's effects were made; only after steps in which it sent or answered something. */
	| { readonly kind: "spoke"; readonly term: number }
	| { readonly kind: "save"; readonly stateBytes: number; readonly snapshotBytes: number }
	/** start() was called. */
	| {
			readonly kind: "start";
			readonly command: string;
			readonly index: number;
			readonly term: number;
			readonly isLeader: boolean;
	  }
	| { readonly kind: "apply"; readonly index: number; readonly command: string }
	| { readonly kind: "apply-snapshot"; readonly index: number; readonly term: number; readonly snapshot: Uint8Array }
	/** The service made a snapshot: snapshot() was called. */
	| { readonly kind: "snapshot"; readonly index: number; readonly snapshot: Uint8Array }
	/** The service took up the snapshot in stable storage when the server started. */
	| { readonly kind: "restore"; readonly index: number; readonly snapshot: Uint8Array }
	/** A console or debug line. */
	| { readonly kind: "log"; readonly topic: string; readonly text: string }
);

/** A step in the life of a call. `rpc` numbers the calls of a run. */
export type MessageEvent = { readonly rpc: number; readonly from: number; readonly to: number } & (
	| { readonly kind: "call"; readonly method: string; readonly args: string; readonly bytes: number }
	/** The request has reached the handler. */
	| { readonly kind: "deliver" }
	/** The same request has come once more, and the handler runs again. Nobody waits for the answer to that. */
	| { readonly kind: "deliver-again" }
	/** The handler is done. */
	| { readonly kind: "handled"; readonly reply: string }
	/** The reply has come back to the caller, if that is still there. */
	| { readonly kind: "reply"; readonly reply: string; readonly bytes: number }
	/** No reply will come. */
	| { readonly kind: "no-reply"; readonly why: NoReplyReason }
);

/** Why a call gets no reply. */
export type NoReplyReason = "unreachable" | "request lost" | "reply lost" | "server crashed" | "cut off";

/** The parts of an event beside its time. */
export type Happening = SimulationEvent extends infer Event
	? Event extends unknown
		? Omit<Event, "atMs">
		: never
	: never;

/** Hears of every event, in order. */
export type EventListener = (event: SimulationEvent) => void;

/** The stream. */
export class EventStream {
	#listeners: readonly EventListener[] = [];

	/** Listens from now on. Returns how to stop. */
	on(listener: EventListener): () => void {
		this.#listeners = [...this.#listeners, listener];
		return () => {
			this.#listeners = this.#listeners.filter((other) => other !== listener);
		};
	}

	emit(event: SimulationEvent): void {
		for (const listener of this.#listeners) listener(event);
	}
}
