import { expect } from "chai";
import { type Case, itFails } from "../testing/faulty.ts";
import { observe } from "../testing/observe.ts";

describe("a module is told what is wrong when it", () => {
	const must = "the module must export a function make(peers, me, persister, applyCh), but";
	itFails([
		["exports nothing", "const x = 1;", "fault-shape", `${must} it exports nothing`],
		["exports others", "export const a = 1; export function Make() {}", "fault-shape", `${must} it exports Make, a`],
		["exports make as the default only", "export default { make() {} }", "fault-shape", `${must} it exports default`],
		["exports a make that is no function", "export const make = 5;", "fault-shape", `${must} make is number`],
		[
			"throws",
			{ module: "throw new SyntaxError('no');" },
			"fault-exception",
			"loading the module threw: SyntaxError: no",
		],
	]);
});

describe("make() is told what is wrong when it", () => {
	const must = "make() must return an object with start, getState, snapshot, kill, but it returned";
	const server = (without: string) =>
		`export const make = () => ({ start() {}, getState() {}, snapshot() {}, kill() {}, ${without}: undefined });`;
	itFails([
		["throws", { make: "throw new RangeError('no');" }, "fault-exception", "make() threw: RangeError: no"],
		[
			"throws what is no error",
			{ make: "throw 'no';" },
			"fault-exception",
			"make() threw: no was thrown, not an Error",
		],
		["throws null", { make: "throw null;" }, "fault-exception", "make() threw: null was thrown, not an Error"],
		["throws an object", { make: "throw {};" }, "fault-exception", "make() threw: an object was thrown, not an Error"],
		[
			"throws a function",
			{ make: "throw () => 1;" },
			"fault-exception",
			"make() threw: a function was thrown, not an Error",
		],
		["returns nothing", "export function make() {}", "fault-shape", `${must} undefined`],
		["returns null", "export const make = () => null;", "fault-shape", `${must} null`],
		["returns a number", "export const make = () => 5;", "fault-shape", `${must} 5`],
		["returns a function", "export const make = () => () => {};", "fault-shape", `${must} a function`],
		[
			"returns a promise",
			"export async function make() {}",
			"fault-shape",
			"make() must return the server at once, but it returned a promise: do not make it async",
		],
		...["start", "getState", "snapshot", "kill"].map(
			(method): Case => [
				`returns a server without ${method}`,
				server(method),
				"fault-shape",
				`the object that make() returned has no method ${method}(): ${method} is undefined`,
			],
		),
		[
			"returns a server with a getter that throws",
			{ methods: "get kill() { return null.x; }," },
			"fault-exception",
			"make() threw: TypeError: Cannot read properties of null (reading 'x')",
		],
	]);

	it("throws with a message without end", async () => {
		const { failure } = await observe({ make: "throw new Error('x'.repeat(1_000_000));" });
		expect(failure?.message)
			.to.have.length.below(2_100)
			.and.to.match(/^S0: make\(\) threw: Error: x+…$/);
	});
});

describe("getState() is told what is wrong when it", () => {
	const must = "getState() must return { term, isLeader }, but it returned";
	const promise = "a promise: it must answer at once, so do not make it async";
	const returning = (what: string) => ({ methods: `getState() { return ${what}; },` });
	itFails([
		["returns nothing", { methods: "getState() {}," }, "fault-shape", `${must} undefined`],
		[
			"returns a promise",
			{ methods: "async getState() { return { term: 1, isLeader: true }; }," },
			"fault-shape",
			`${must} ${promise}`,
		],
		["returns a list", returning("[1, true]"), "fault-shape", `${must} an array`],
		["forgets isLeader", returning("{ term: 1 }"), "fault-shape", `${must} { term: 1 }`],
		[
			"gives the term as text",
			returning("{ term: '1', isLeader: true }"),
			"fault-shape",
			`${must} { term: "1", isLeader: true }`,
		],
		[
			"gives a negative term",
			returning("{ term: -1, isLeader: true }"),
			"fault-shape",
			`${must} { term: -1, isLeader: true }`,
		],
		[
			"gives a broken term",
			returning("{ term: 1.5, isLeader: true }"),
			"fault-shape",
			`${must} { term: 1.5, isLeader: true }`,
		],
		["throws", { methods: "getState() { throw new Error('no'); }," }, "fault-exception", "getState() threw: Error: no"],
		[
			"returns a getter that throws",
			returning("{ get term() { throw new Error('no'); } }"),
			"fault-exception",
			"getState() threw: Error: no",
		],
	]);
});

describe("start() is told what is wrong when it", () => {
	const must = "start() must return { index, term, isLeader }, but it returned";
	const promise = "a promise: it must answer at once, so do not make it async";
	const returning = (what: string) => ({ methods: `start() { return ${what}; },` });
	itFails([
		["returns nothing", { methods: "start() {}," }, "fault-shape", `${must} undefined`],
		["returns a promise", { methods: "async start() {}," }, "fault-shape", `${must} ${promise}`],
		["returns a list", returning("[1, 1, true]"), "fault-shape", `${must} an array`],
		[
			"names a part differently",
			returning("{ index: 1, term: 1, leader: true }"),
			"fault-shape",
			`${must} { index: 1, term: 1, leader: true }`,
		],
		[
			"accepts without an index",
			returning("{ term: 1, isLeader: true }"),
			"fault-shape",
			`${must} { term: 1, isLeader: true }`,
		],
		["throws", { methods: "start() { throw new Error('no'); }," }, "fault-exception", "start() threw: Error: no"],
	]);

	it("says nothing of the index if it does not accept", async () => {
		const { failure } = await observe(returning("{ term: 1, isLeader: false }"), {}, (cluster) => {
			expect(cluster.server(0).start(1)).to.deep.equal({ index: -1, term: 1, isLeader: false });
		});
		expect(failure).to.equal(undefined);
	});
});

describe("snapshot() and kill() are told what is wrong when they", () => {
	const apply = "for (let i = 1; i < 10; i++) void applyCh.send({ commandValid: true, command: i, commandIndex: i });";
	itFails(
		[
			[
				"throw (snapshot)",
				{ make: apply, methods: "snapshot(i) { throw new Error('no ' + i); }," },
				"fault-exception",
				"snapshot() threw: Error: no 9",
			],
			["throw (kill)", { methods: "kill() { throw new Error('no'); }," }, "fault-exception", "kill() threw: Error: no"],
		],
		{ snapshots: true },
	);
});
