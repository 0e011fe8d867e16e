import type { ApplyChannel, ApplyMsg } from "../../raft.ts";
import * as Effect from "../effects.ts";
import { reported } from "./faults.ts";
import { post } from "./outbox.ts";
import { write } from "./rpc.ts";

let lastMessage = 0;
const sending = new Map<number, () => void>();

/** The channel to the service, unbuffered: a send is over when the host says that the service took the message. */
export const applyChannel: ApplyChannel = Object.freeze({
	send(msg: ApplyMsg): Promise<void> {
		postMessage(++lastMessage, msg);
		const number = lastMessage;
		return new Promise<void>((resolve) => {
			sending.set(number, resolve);
		});
	},
});

/** The service took a message. */
export function taken(number: number): void {
	const resolve = sending.get(number);
	sending.delete(number);
	resolve?.();
}

function postMessage(number: number, msg: unknown): void {
	if (typeof msg !== "object" || msg === null) throw wrong(`the message must be an object, but it is ${typeof msg}`);
	const { commandValid, command, commandIndex, snapshotValid, snapshot, snapshotTerm, snapshotIndex } = msg as Record<
		string,
		unknown
	>;
	if (commandValid === true && snapshotValid === true) throw wrong("commandValid and snapshotValid are both true");
	if (commandValid === true) {
		const text = write(command, "msg.command", "applyCh.send");
		post(Effect.apply, number, indexOf(commandIndex, "commandIndex"), text);
	} else if (snapshotValid === true) {
		if (!(snapshot instanceof Uint8Array)) throw wrong("snapshot must be a Uint8Array");
		const index = indexOf(snapshotIndex, "snapshotIndex");
		post(Effect.applySnapshot, number, index, indexOf(snapshotTerm, "snapshotTerm"), new Uint8Array(snapshot));
	} else if (typeof commandValid === "boolean" || typeof snapshotValid === "boolean") {
		post(Effect.applyNothing, number);
	} else {
		throw wrong("the message must have commandValid or snapshotValid, true for what it holds");
	}
}

function indexOf(value: unknown, name: string): number {
	if (Number.isSafeInteger(value)) return value as number;
	throw wrong(`${name} must be a whole number, but it is ${typeof value === "number" ? value : typeof value}`);
}

function wrong(sentence: string): Error {
	return reported("shape", `applyCh.send: ${sentence}`);
}
