import { fromText } from "../../labrpc/codec.ts";
import type { Raft } from "../../raft.ts";
import * as Effect from "../effects.ts";
import { applyChannel } from "./apply-channel.ts";
import { report, reportThrown } from "./faults.ts";
import { post } from "./outbox.ts";
import { makePersister } from "./persister.ts";
import { isThenable, makeEnds } from "./rpc.ts";

const METHODS = ["start", "getState", "snapshot", "kill"] as const;

/** The submission's server, once make() has returned it. */
let raft: Raft | undefined;

export function theServer(): Raft {
	if (raft === undefined) throw new Error("no server");
	return raft;
}

/** Calls the submission's make() and checks what it returns. Returns whether there is a server now. */
export function makeServer(make: unknown, me: number, size: number, state: Uint8Array, snapshot: Uint8Array): boolean {
	try {
		const persister = makePersister(state, snapshot);
		const made = (make as (...args: unknown[]) => unknown)(makeEnds(size), me, persister, applyChannel);
		const mistake = mistakeIn(made);
		if (mistake === undefined) raft = made as Raft;
		else report("shape", mistake);
		return mistake === undefined;
	} catch (thrown) {
		reportThrown("exception", "make() threw", thrown);
		return false;
	}
}

/** What is wrong with what make() returned, if anything. */
function mistakeIn(made: unknown): string | undefined {
	if (isThenable(made)) {
		return "make() must return the server at once, but it returned a promise: do not make it async";
	}
	if (!isRecord(made)) {
		return `make() must return an object with ${METHODS.join(", ")}, but it returned ${show(made)}`;
	}
	for (const method of METHODS) {
		const found = made[method];
		if (typeof found !== "function") {
			return `the object that make() returned has no method ${method}(): ${method} is ${show(found)}`;
		}
	}
	return undefined;
}

/** Proposes a command and posts the answer. */
export function start(command: string): void {
	try {
		const answer: unknown = theServer().start(fromText(command));
		const { index, term, isLeader } = (isRecord(answer) ? answer : {}) as Record<string, unknown>;
		if (!isThenable(answer) && typeof isLeader === "boolean" && isCount(term) && (isCount(index) || !isLeader)) {
			post(Effect.started, isCount(index) ? index : -1, term, isLeader ? 1 : 0);
		} else {
			report("shape", `start() must return { index, term, isLeader }, but it returned ${show(answer)}`);
		}
	} catch (thrown) {
		reportThrown("exception", "start() threw", thrown);
	}
}

/** The answer of getState as one number: twice the term, plus one for a leader; -1 if it is no answer. */
export function state(): number {
	try {
		const answer: unknown = theServer().getState();
		if (isRecord(answer)) {
			const { term, isLeader } = answer;
			if (isCount(term) && typeof isLeader === "boolean") return 2 * term + (isLeader ? 1 : 0);
		}
		report("shape", `getState() must return { term, isLeader }, but it returned ${show(answer)}`);
	} catch (thrown) {
		reportThrown("exception", "getState() threw", thrown);
	}
	return -1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 50;
}

/** A value as a student would recognise it, in a few words. */
function show(value: unknown): string {
	if (isThenable(value)) return "a promise: it must answer at once, so do not make it async";
	if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
	if (typeof value === "function") return "a function";
	if (Array.isArray(value)) return "an array";
	if (!isRecord(value)) return String(value);
	const shown = Object.keys(value)
		.slice(0, 6)
		.map((key) => `${key}: ${isRecord(value[key]) ? "…" : show(value[key])}`);
	return shown.length === 0 ? "{}" : `{ ${shown.join(", ")} }`;
}
