import { WireError } from "../../labrpc/codec.ts";
import type { FaultKind } from "../effects.ts";
import * as Effect from "../effects.ts";
import { post } from "./outbox.ts";

/** An error that has been reported to the host already; it goes on through the submission's code, which may catch it. */
class ReportedFault extends TypeError {
	override name = "TypeError";
}

/** A message of the submission's can be of any length; this much of it is enough. */
const SENTENCE_MAX = 2_000;

/** Reports a mistake of the submission's. */
export function report(kind: FaultKind, sentence: string, stack = ""): void {
	const isLong = sentence.length > SENTENCE_MAX;
	post(Effect.fault, kind, isLong ? `${sentence.slice(0, SENTENCE_MAX)}…` : sentence, stack);
}

/** Reports a mistake, and gives the error to throw at the submission. */
export function reported(kind: FaultKind, sentence: string): Error {
	const error = new ReportedFault(sentence);
	report(kind, sentence, stackOf(error));
	return error;
}

/** Reports what was thrown by, or rejected in, code of the submission's. `where` reads like "a timer callback". */
export function reportThrown(kind: FaultKind, where: string, thrown: unknown): void {
	try {
		if (thrown instanceof ReportedFault) return;
		if (thrown instanceof WireError) {
			// What cannot go over the network was reported at the call.
			report("wire", `encode: ${thrown.message}`, stackOf(thrown));
			return;
		}
	} catch {
		// A proxy that throws when it is asked what it is.
	}
	report(kind, `${where}: ${describe(thrown)}`, stackOf(thrown));
}

/** Runs a callback of the submission's; what it throws is reported. */
export function guarded(where: string, callback: () => unknown): void {
	try {
		callback();
	} catch (thrown) {
		reportThrown("exception", where, thrown);
	}
}

/** What was thrown, in one line. Never throws itself, whatever it is handed. */
export function describe(thrown: unknown): string {
	try {
		if (thrown instanceof Error) return `${thrown.name}: ${thrown.message}`;
		const isPrimitive = thrown === null || (typeof thrown !== "object" && typeof thrown !== "function");
		return `${isPrimitive ? String(thrown) : `${typeof thrown === "function" ? "a function" : "an object"}`} was thrown, not an Error`;
	} catch {
		return "something that cannot be printed was thrown";
	}
}

function stackOf(thrown: unknown): string {
	try {
		const stack: unknown = (thrown as Error).stack;
		return typeof stack === "string" ? stack : "";
	} catch {
		return "";
	}
}
