import { expect } from "chai";
import { type Case, itFails } from "../testing/faulty.ts";
import { observe } from "../testing/observe.ts";

const later = (code: string) => ({ make: `setTimeout(() => { ${code} }, 5);` });
const calling = (methods: string) => ({ ...later('void peers[me].call("Vote", 1);'), methods });

describe("a callback that throws is reported:", () => {
	itFails([
		["of setTimeout", later("throw new Error('no');"), "fault-exception", "a timer callback threw: Error: no"],
		[
			"of setInterval",
			{ make: "setInterval(() => { throw new Error('no'); }, 5);" },
			"fault-exception",
			"a timer callback threw: Error: no",
		],
		[
			"of setImmediate",
			{ make: "setImmediate(() => { throw new Error('no'); });" },
			"fault-exception",
			"a timer callback threw: Error: no",
		],
		[
			"of queueMicrotask",
			{ make: "queueMicrotask(() => { throw new Error('no'); });" },
			"fault-exception",
			"a microtask threw: Error: no",
		],
		[
			"of process.nextTick",
			{ make: "process.nextTick(() => { throw new Error('no'); });" },
			"fault-exception",
			"a microtask threw: Error: no",
		],
	]);
});

describe("an unhandled rejection is reported:", () => {
	const of = (reason: string) => `an unhandled rejection: ${reason}`;
	itFails([
		[
			"in an async function",
			{ make: "(async () => { await null; throw new Error('no'); })();" },
			"fault-rejection",
			of("Error: no"),
		],
		["later", later("void sleep(5).then(() => { throw new Error('no'); });"), "fault-rejection", of("Error: no")],
		[
			"of a subclass",
			{ make: "class Later extends Promise {} Later.reject(new Error('no'));" },
			"fault-rejection",
			of("Error: no"),
		],
		["of what is no error", { make: "Promise.reject('no');" }, "fault-rejection", of("no was thrown, not an Error")],
		["of nothing", { make: "Promise.reject();" }, "fault-rejection", of("undefined was thrown, not an Error")],
		["of null", { make: "Promise.reject(null);" }, "fault-rejection", of("null was thrown, not an Error")],
	]);

	it("not if it is handled within the same step", async () => {
		const { failure } = await observe({
			make: "const p = Promise.reject(1); queueMicrotask(() => p.catch(() => {}));",
		});
		expect(failure).to.equal(undefined);
	});
});

describe("a handler is told what is wrong when it", () => {
	itFails([
		["throws", calling("Vote() { throw new Error('no'); },"), "fault-exception", "the handler Vote threw: Error: no"],
		[
			"is rejected",
			calling("async Vote() { await sleep(1); throw new Error('no'); },"),
			"fault-exception",
			"the handler Vote threw: Error: no",
		],
		[
			"is rejected with text",
			calling("Vote() { return Promise.reject('no'); },"),
			"fault-exception",
			"the handler Vote threw: no was thrown, not an Error",
		],
		[
			"replies with a function",
			calling("Vote() { return { ok: [() => {}] }; },"),
			"fault-wire",
			"the handler Vote: reply.ok[0]: a function cannot be sent over the network",
		],
		[
			"promises a symbol",
			calling("async Vote() { return new Map([['x', Symbol()]]); },"),
			"fault-wire",
			'the handler Vote: reply.get("x"): a symbol cannot be sent over the network',
		],
		[
			"is missing",
			calling("vote() {},"),
			"fault-method",
			'call("Vote"): the server that it reached has no method Vote: did you mean vote?',
		],
		[
			"is no function",
			calling("Vote: 5,"),
			"fault-method",
			'call("Vote"): the server that it reached has no method Vote',
		],
		...["toString", "constructor", "hasOwnProperty", "__proto__", "valueOf", "Raft.toString"].map(
			(name): Case => [
				`is one that every object has: ${name}`,
				{
					module:
						"class Server { start() {} getState() { return { term: 1, isLeader: false }; } snapshot() {} kill() {} }",
					...later(`void peers[me].call("${name}", 1);`),
					methods: "__proto__: Server.prototype,",
				},
				"fault-method",
				`call("${name}"): the server that it reached has no method ${name.replace("Raft.", "")}`,
			],
		),
	]);

	it("nothing if it is called by its full name", async () => {
		const { told } = await observe({
			...later('peers[me].call("Raft.Vote", 1).then(tell);'),
			methods: "Vote: (x) => [x],",
		});
		expect(told).to.deep.equal([[1]]);
	});
});
