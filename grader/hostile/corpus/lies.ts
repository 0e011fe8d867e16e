import { fails, failsAll, type Hostile, NOTHING, unusable } from "../hostile.ts";

const STATE = "const state = server.getState.bind(server);";
const SHAPE = /getState\(\) must return \{ term, isLeader \}/;

/** Answers that are not true, and tests that are told apart. */
export const lies: readonly Hostile[] = [
	{
		name: "everybody-leads",
		tries: "claims to lead, in a term that only it has",
		act: { after: "server.getState = () => ({ term: 1000 + me, isLeader: true });" },
		gets: { kind: "failure", says: /the servers disagree on the term/, in: ["InitialElection"] },
	},
	{
		name: "huge-term",
		tries: "claims to lead in the largest of terms",
		act: { after: "server.getState = () => ({ term: Number.MAX_SAFE_INTEGER, isLeader: me === 0 });" },
		gets: unusable(SHAPE),
	},
	{
		name: "not-a-number",
		tries: "says NaN, a bigint or text for its term",
		act: {
			after:
				"let n = 0; server.getState = () => ({ term: [Number.NaN, 1n, '1', -1, 0.5, null][n++ % 6], isLeader: true });",
		},
		gets: unusable(SHAPE),
	},
	{
		name: "two-faced-state",
		tries: "answers with getters that say something else each time",
		act: {
			after: `${STATE} server.getState = () => { const s = state(); let n = 0; return { get term() { return s.term + (n++ > 0 ? 5 : 0); }, get isLeader() { return n > 1 ? !s.isLeader : s.isLeader; } }; };`,
		},
		gets: NOTHING,
	},
	{
		name: "state-that-converts",
		tries: "answers with objects that turn into numbers when somebody calculates with them",
		act: {
			after:
				"server.getState = () => ({ term: { valueOf: () => 1, [Symbol.toPrimitive]: () => 1 }, isLeader: { valueOf: () => true } });",
		},
		gets: unusable(SHAPE),
	},
	{
		name: "state-that-throws-later",
		tries: "answers well until it leads, and throws from then on",
		act: {
			after: `${STATE} server.getState = () => { const s = state(); if (s.isLeader) throw new Error('not today'); return s; };`,
		},
		gets: failsAll(/getState\(\) threw: Error: not today/),
	},
	{
		name: "promised-state",
		tries: "answers with a promise of an answer",
		act: { after: `${STATE} server.getState = async () => state();` },
		gets: unusable(/getState\(\) must return .* a promise/),
	},
	{
		name: "lying-start",
		tries: "claims to have taken commands that it never saw again",
		act: {
			after: "let index = 0; server.start = () => ({ index: ++index, term: server.getState().term, isLeader: true });",
		},
		gets: fails(/agree|lead|index/),
	},
	{
		name: "start-with-getters",
		tries: "answers start() with getters that count as they are read",
		act: {
			after:
				"const honestStart = server.start.bind(server); server.start = (command) => { const s = honestStart(command); let n = 0; return { get index() { return s.index + n++ * 0; }, get term() { return s.term; }, get isLeader() { return s.isLeader; } }; };",
		},
		gets: NOTHING,
	},
	{
		name: "eager-apply",
		tries:
			"applies each command by itself, without asking the others, as only the first test of agreement would let pass",
		act: {
			after:
				"let index = 0; server.start = (command) => { void applyCh.send({ commandValid: true, command, commandIndex: ++index }); return { index, term: 1, isLeader: true }; };",
		},
		gets: fails(/agree|lead|index|term/),
	},
	{
		name: "knows-the-test",
		tries: "recognises the tests by the number of servers, the time and the commands, and behaves only in some",
		act: {
			onCommand:
				"if (peers.length === 3 && performance.now() > 100) { server.start = () => ({ index: -1, term: 0, isLeader: false }); return { index: -1, term: 0, isLeader: false }; }",
		},
		gets: fails(/agree/),
	},
	{
		name: "knows-the-explanation",
		tries: "fails when it is judged and behaves when it is explained, to have its failure forgotten",
		act: { onCommand: "if (new Error('x').stack === undefined) throw new Error('as judged');" },
		gets: fails(/start\(\) threw: Error: as judged/),
	},
	{
		name: "calls-the-testers-methods",
		tries: "calls start, kill, getState and what every object has on other servers",
		act: {
			onCommand:
				"for (const method of ['constructor', '__proto__', 'toString', 'Raft.valueOf', '__defineGetter__']) void peers[(me + 1) % peers.length].call(method, {});",
		},
		gets: fails(/has no method/),
	},
	{
		name: "peer-out-of-range",
		tries: "calls ends on a `this` of its own, with other numbers and methods",
		act: {
			before:
				"for (const x of [null, { peer: 99 }, globalThis]) void peers[me].call.call(x, 'Nothing', 1); tried(() => { peers.length = 99; peers[7] = peers[0]; });",
			after: "server.Nothing = () => 1;",
		},
		gets: NOTHING,
	},
];
