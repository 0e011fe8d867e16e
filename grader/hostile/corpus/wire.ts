import { fails, type Hostile, NOTHING } from "../hostile.ts";

/** Values that the network, storage and the tester have to carry. */
export const wire: readonly Hostile[] = [
	{
		name: "proto-keys",
		tries:
			"sends objects with keys like __proto__ and constructor, to change what the receiver's or the tester's objects inherit",
		act: {
			after:
				"server.Take = (args) => { if ({}.polluted !== undefined) throw new Error('ESCAPED: polluted'); return args; };",
			onCommand:
				'void peers[(me + 1) % peers.length].call(\'Take\', JSON.parse(\'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"$":"map","v":[[1,2]]}\'));',
		},
		gets: NOTHING,
	},
	{
		name: "proto-keys-as-a-command",
		tries: "applies a command with such keys, which the tester reads",
		act: {
			onCommand:
				'void applyCh.send({ commandValid: true, command: JSON.parse(\'{"__proto__":{"failure":1}}\'), commandIndex: 1 });',
		},
		gets: fails(/appl/),
	},
	{
		name: "command-of-functions",
		tries: "applies a command with a function in it",
		act: { onCommand: "tried(() => applyCh.send({ commandValid: true, command: { f() {} }, commandIndex: 1 }));" },
		gets: fails(/applyCh\.send: msg\.command\.f: a function cannot be sent over the network/),
	},
	{
		name: "getters-on-the-wire",
		tries: "sends a value whose getter answers differently when it is read again",
		act: {
			onCommand:
				"let n = 0; tried(() => peers[me].call('x', { get f() { return n++ === 0 ? 1 : () => {}; } })); throw new Error('done');",
		},
		gets: fails(/./),
	},
	{
		name: "changed-json",
		tries: "replaces JSON.stringify, so that its messages and commands are rubbish",
		act: {
			onCommand:
				"JSON.stringify = () => '['.repeat(200_000); void applyCh.send({ commandValid: true, command: 1, commandIndex: 1 });",
		},
		gets: fails(/sent a command on applyCh that cannot be read/),
	},
	{
		name: "forged-tags",
		tries: "writes the wire's own tags by itself: a bigint, a map and a date that are none",
		act: {
			onCommand:
				'JSON.stringify = () => \'{"$":"bigint","v":"x"}\'; void applyCh.send({ commandValid: true, command: 1n, commandIndex: 1 });',
		},
		gets: fails(/sent a command on applyCh that cannot be read/),
	},
	{
		name: "method-names",
		tries: "calls methods whose names are ten million characters and control characters",
		act: { onCommand: "void peers[(me + 1) % peers.length].call('\\u001b[2J\\n::error::' + 'x'.repeat(1e7), 1);" },
		gets: fails(/call\("\\u001b\[2J ::error::x+/),
	},
	{
		name: "lone-surrogates",
		tries: "throws text that no encoding has a place for",
		act: { onCommand: "throw new Error('\\ud800 \\udfff \\uffff \\0 end');" },
		gets: fails(/start\(\) threw: Error/),
	},
];
