import { expect } from "chai";
import { observe } from "../testing/observe.ts";

/** A wrong call that make() makes: what it is, the call, the check that finds it, and the sentence. */
type Case = readonly [what: string, call: string, check: string, sentence: string];

function fail(cases: readonly Case[]): void {
	for (const [what, call, check, sentence] of cases) {
		it(what, async () => {
			const { failure } = await observe({ make: `${call};` });
			expect(failure).to.include({ check, message: `S0: ${sentence}` });
		});
		it(`${what}, although the error is caught`, async () => {
			const { failure } = await observe({ make: `try { ${call}; } catch {}` });
			expect(failure).to.include({ check, message: `S0: ${sentence}` });
		});
	}
}

const NETWORK = "cannot be sent over the network";

describe("call() refuses", () => {
	const call = (args: string) => `peers[me].call("Vote", ${args})`;
	const to = 'call("Vote") to S0: args';
	fail([
		[
			"a function, naming the path to it",
			call("{ entries: [1, { command: () => {} }] }"),
			"fault-wire",
			`${to}.entries[1].command: a function ${NETWORK}`,
		],
		["a symbol", call("{ 'odd key': Symbol() }"), "fault-wire", `${to}["odd key"]: a symbol ${NETWORK}`],
		[
			"an instance of a class",
			call("{ log: [new (class Entry {})()] }"),
			"fault-wire",
			`${to}.log[0]: an instance of class Entry ${NETWORK}: send a plain object`,
		],
		[
			"a promise",
			call("{ x: sleep(1) }"),
			"fault-wire",
			`${to}.x: a promise (is an await missing?) ${NETWORK}: send a plain object`,
		],
		[
			"a cycle",
			call("(() => { const a = {}; a.self = a; return a; })()"),
			"fault-wire",
			`${to}.self: a cycle: the value contains itself`,
		],
		[
			"a method that is no string",
			"peers[me].call(5, {})",
			"fault-shape",
			"call: the method must be a string, but it is number",
		],
	]);
});

describe("applyCh.send() refuses", () => {
	const send = (message: string) => `void applyCh.send(${message})`;
	const whole = (name: string, is: string) => `applyCh.send: ${name} must be a whole number, but it is ${is}`;
	fail([
		["nothing", send(""), "fault-shape", "applyCh.send: the message must be an object, but it is undefined"],
		["a number", send("5"), "fault-shape", "applyCh.send: the message must be an object, but it is number"],
		[
			"a message without an index",
			send("{ commandValid: true, command: 5 }"),
			"fault-shape",
			whole("commandIndex", "undefined"),
		],
		[
			"an index in text",
			send("{ commandValid: true, command: 5, commandIndex: '1' }"),
			"fault-shape",
			whole("commandIndex", "string"),
		],
		[
			"a broken index",
			send("{ commandValid: true, command: 5, commandIndex: 1.5 }"),
			"fault-shape",
			whole("commandIndex", "1.5"),
		],
		[
			"both kinds in one",
			send("{ commandValid: true, snapshotValid: true }"),
			"fault-shape",
			"applyCh.send: commandValid and snapshotValid are both true",
		],
		[
			"neither kind",
			send("{ CommandValid: true, Command: 5, CommandIndex: 1 }"),
			"fault-shape",
			"applyCh.send: the message must have commandValid or snapshotValid, true for what it holds",
		],
		[
			"a snapshot that is no bytes",
			send("{ snapshotValid: true, snapshot: [1], snapshotIndex: 1, snapshotTerm: 1 }"),
			"fault-shape",
			"applyCh.send: snapshot must be a Uint8Array",
		],
		[
			"a snapshot without a term",
			send("{ snapshotValid: true, snapshot: new Uint8Array(1), snapshotIndex: 1 }"),
			"fault-shape",
			whole("snapshotTerm", "undefined"),
		],
		[
			"a snapshot without an index",
			send("{ snapshotValid: true, snapshot: new Uint8Array(1), snapshotTerm: 1 }"),
			"fault-shape",
			whole("snapshotIndex", "undefined"),
		],
		[
			"a command that is a function",
			send("{ commandValid: true, command: { f() {} }, commandIndex: 1 }"),
			"fault-wire",
			`applyCh.send: msg.command.f: a function ${NETWORK}`,
		],
	]);

	it("not a message that says it holds neither", async () => {
		const { failure } = await observe({ make: "applyCh.send({ commandValid: false }).then(() => tell(1));" });
		expect(failure).to.equal(undefined);
	});
});

describe("persister.save() refuses", () => {
	const wrong = (name: string, is: string) =>
		`persister.save: ${name} must be a Uint8Array (encode() makes one), but it is ${is}`;
	fail([
		["text", "persister.save('x', new Uint8Array(1))", "fault-shape", wrong("raftState", "string")],
		["a list", "persister.save([1], new Uint8Array(1))", "fault-shape", wrong("raftState", "an array")],
		["an object", "persister.save({}, new Uint8Array(1))", "fault-shape", wrong("raftState", "object")],
		[
			"a buffer without a view",
			"persister.save(new ArrayBuffer(4), new Uint8Array(1))",
			"fault-shape",
			wrong("raftState", "object"),
		],
		["no snapshot", "persister.save(new Uint8Array(1))", "fault-shape", wrong("snapshot", "undefined")],
		["null", "persister.save(new Uint8Array(1), null)", "fault-shape", wrong("snapshot", "null")],
	]);

	it("and saves neither part then", async () => {
		const make = `
			persister.save(new Uint8Array(1), new Uint8Array(2));
			try { persister.save(new Uint8Array(5), null); } catch {}
			tell([persister.raftStateSize(), persister.snapshotSize()]);
		`;
		expect((await observe({ make })).told).to.deep.equal([[1, 2]]);
	});
});

describe("a simulated machine refuses", () => {
	const unavailable = (what: string) => `${what} is not available on a simulated machine`;
	fail([
		["process.exit()", "process.exit(0)", "fault-refused", unavailable("process.exit()")],
		["process.kill()", "process.kill(1)", "fault-refused", unavailable("process.kill()")],
		["process.abort()", "process.abort()", "fault-refused", unavailable("process.abort()")],
		["process.binding()", "process.binding('fs')", "fault-refused", unavailable("process.binding()")],
		[
			"a timer without a function",
			"setTimeout('tell(1)', 5)",
			"fault-shape",
			"setTimeout: the callback must be a function, but it is string",
		],
		[
			"a microtask without a function",
			"queueMicrotask()",
			"fault-shape",
			"queueMicrotask: the callback must be a function, but it is undefined",
		],
	]);

	it("a module that is named only when it is imported, also if that is caught", async () => {
		const make = "const name = ['node', 'fs'].join(':'); import(name).catch((error) => tell(error.message));";
		const { failure, told } = await observe({ make });
		expect(failure).to.include({ check: "fault-refused", message: `S0: ${unavailable('the module "node:fs"')}` });
		expect(told).to.deep.equal([unavailable('the module "node:fs"')]);
	});
});

describe("encode() and decode() throw", () => {
	for (const [what, call, check, sentence] of [
		[
			"what cannot be encoded",
			"encode({ log: [() => {}] })",
			"fault-wire",
			`encode: value.log[0]: a function ${NETWORK}`,
		],
		[
			"nothing to decode",
			"decode(persister.readRaftState())",
			"fault-exception",
			"make() threw: RangeError: decode: nothing to decode (0 bytes): nothing was saved yet",
		],
		[
			"bytes from elsewhere",
			"decode(new Uint8Array(3))",
			"fault-exception",
			"make() threw: SyntaxError: decode: these bytes were not written by encode",
		],
		["no bytes at all", "decode('x')", "fault-exception", "make() threw: TypeError: decode: a Uint8Array was expected"],
	] as const) {
		it(`${what}: reported if nobody catches it`, async () => {
			expect((await observe({ make: `${call};` })).failure).to.include({ check, message: `S0: ${sentence}` });
			expect((await observe({ make: `try { ${call}; } catch {}` })).failure).to.equal(undefined);
		});
	}
});
