import { fromText, toText, WireError } from "../../labrpc/codec.ts";
import type { ClientEnd } from "../../raft.ts";
import * as Effect from "../effects.ts";
import { report, reported, reportThrown } from "./faults.ts";
import { post } from "./outbox.ts";

let lastCallId = 0;
const waiting = new Map<number, (reply: unknown) => void>();

/** One end per server. */
export function makeEnds(size: number): readonly ClientEnd[] {
	return Object.freeze(Array.from({ length: size }, (_, peer) => Object.freeze({ call: callOf(peer) })));
}

function callOf(peer: number) {
	return function call<Reply>(method: string, args: unknown): Promise<Reply | undefined> {
		if (typeof method !== "string") {
			throw reported("shape", `call: the method must be a string, but it is ${typeof method}`);
		}
		const text = write(args, "args", `call("${method}") to S${peer}`);
		const id = ++lastCallId;
		post(Effect.call, id, peer, method, text);
		return new Promise<Reply | undefined>((resolve) => {
			waiting.set(id, resolve as (reply: unknown) => void);
		});
	};
}

/** The network's answer to a call of this machine's: the reply, or undefined if none came. */
export function settle(id: number, reply: string | undefined): void {
	const resolve = waiting.get(id);
	waiting.delete(id);
	resolve?.(reply === undefined ? undefined : fromText(reply));
}

/** A request from another server: runs the handler and posts its reply, now or when its promise is fulfilled. */
export function deliver(raft: object, rpcId: number, method: string, args: string): void {
	const name = method.startsWith("Raft.") ? method.slice(5) : method;
	const handler: unknown = (raft as Record<string, unknown>)[name];
	if (typeof handler !== "function" || name === "constructor" || isEveryObjects(name, handler)) {
		const like = likeName(raft, name);
		const hint = like === undefined ? "" : `: did you mean ${like}?`;
		report("method", `call("${method}"): the server that it reached has no method ${name}${hint}`);
		return;
	}
	const where = `the handler ${name} threw`;
	const reply = (value: unknown) => {
		try {
			post(Effect.reply, rpcId, write(value === undefined ? null : value, "reply", `the handler ${name}`));
		} catch (thrown) {
			reportThrown("exception", where, thrown);
		}
	};
	try {
		const result: unknown = handler.call(raft, fromText(args));
		if (isThenable(result)) {
			Promise.resolve(result).then(reply, (thrown: unknown) => reportThrown("exception", where, thrown));
		} else {
			reply(result);
		}
	} catch (thrown) {
		reportThrown("exception", where, thrown);
	}
}

/** A method that is written alike, but for capitals and signs. */
function likeName(raft: object, name: string): string | undefined {
	const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
	for (let at: object | null = raft; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
		const found = Object.getOwnPropertyNames(at).find((own) => own !== name && plain(own) === plain(name));
		if (found !== undefined) return found;
	}
	return undefined;
}

/** Whether a method is one that every object has, such as toString. */
function isEveryObjects(name: string, method: unknown): boolean {
	return (Object.prototype as unknown as Record<string, unknown>)[name] === method;
}

/** Writes a value for the wire; a refusal is reported at once, since the submission may catch the error and never see it. */
export function write(value: unknown, name: string, where: string): string {
	try {
		return toText(value, name);
	} catch (error) {
		if (error instanceof WireError) throw reported("wire", `${where}: ${error.message}`);
		throw error;
	}
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
