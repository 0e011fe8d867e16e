import { fails, type Hostile, NOTHING, unusable } from "../hostile.ts";

const OUTSIDE = /lies outside of the submission's folder/;

/** Other people's files, and files that take for ever to read. `../secret.json` and `../neighbour` lie beside the submission's folder. */
export const files: readonly Hostile[] = [
	{
		name: "import-passwd",
		tries: "imports /etc/passwd as text",
		act: { module: 'import text from "/etc/passwd" with { type: "text" }; throw new Error(text);' },
		gets: unusable(/raft\.ts:\d+/),
	},
	{
		name: "import-environment",
		tries: "imports its process's environment by a link",
		act: { module: 'import text from "./environment.txt"; throw new Error(text);' },
		links: { "environment.txt": "/proc/self/environ" },
		gets: unusable(OUTSIDE),
	},
	{
		name: "import-neighbour",
		tries: "imports JSON from the folder of another submission",
		act: { module: 'import secret from "../secret.json"; throw new Error(JSON.stringify(secret));' },
		gets: unusable(OUTSIDE),
	},
	{
		name: "import-neighbours-solution",
		tries: "hands in what somebody else has written",
		files: { "raft.ts": 'export { make } from "../neighbour/raft.ts";' },
		gets: unusable(OUTSIDE),
	},
	{
		name: "import-by-symlink",
		tries: "imports a file of its own that is a link to another's",
		act: { module: 'import secret from "./mine.json"; throw new Error(JSON.stringify(secret));' },
		links: { "mine.json": "../secret.json" },
		gets: unusable(OUTSIDE),
	},
	{
		name: "import-folder-by-symlink",
		tries: "imports through a link to the folder above",
		act: { module: 'import secret from "./up/secret.json"; throw new Error(JSON.stringify(secret));' },
		links: { up: ".." },
		gets: unusable(OUTSIDE),
	},
	{
		name: "main-outside",
		tries: "imports a package of its own whose package.json points outside",
		act: { module: 'import secret from "own"; throw new Error(JSON.stringify(secret));' },
		files: { "node_modules/own/package.json": '{"name":"own","main":"../../../secret.json"}' },
		gets: unusable(OUTSIDE),
	},
	{
		name: "target-outside",
		tries: "names another's solution as its target in package.json",
		files: { "package.json": '{"raftGrade":{"target":"../neighbour/raft.ts"}}' },
		gets: unusable(OUTSIDE),
	},
	{
		name: "tsconfig-paths",
		tries: "has tsconfig.json send an import to a file outside",
		act: { module: 'import secret from "secret"; throw new Error(JSON.stringify(secret));' },
		files: { "tsconfig.json": '{"compilerOptions":{"baseUrl":".","paths":{"secret":["../secret.json"]}}}' },
		gets: unusable(/Could not resolve "secret"/),
	},
	{
		name: "tsconfig-extends",
		tries: "has tsconfig.json extend a device that never ends",
		act: {},
		files: { "reference/tsconfig.json": '{"extends":"/dev/zero"}' },
		gets: NOTHING,
	},
	{
		name: "tsconfig-broken",
		tries: "brings a tsconfig.json that is no JSON",
		act: {},
		files: { "tsconfig.json": "{ bad" },
		gets: NOTHING,
	},
	{
		name: "tsconfig-of-the-grader",
		tries: "has tsconfig.json put a module of its own in the place of one that the grader imports",
		act: {},
		files: {
			"tsconfig.json":
				'{"compilerOptions":{"baseUrl":".","paths":{"*":["./evil.ts"],"commander":["./evil.ts"],"zod":["./evil.ts"]}}}',
			"evil.ts":
				'import { writeFileSync } from "node:fs"; writeFileSync("../pwned", "x"); export const Command = 1, CommanderError = 1, InvalidArgumentError = 1, Option = 1, z = 1;',
		},
		gets: NOTHING,
	},
	{
		name: "source-map-outside",
		tries: "names a device that never ends as a source map",
		act: { module: "//# sourceMappingURL=/dev/zero\n/*# sourceMappingURL=../secret.json */" },
		gets: NOTHING,
	},
	{
		name: "pipe",
		tries: "imports a named pipe, which nobody ever writes to",
		act: { module: 'import "./pipe.ts";' },
		pipes: ["pipe.ts"],
		gets: unusable(/pipe\.ts is no file/),
	},
	{
		name: "endless-package",
		tries: "has a package.json that is a link to a device that never ends",
		act: {},
		links: { "reference/package.json": "/dev/zero" },
		gets: unusable(/package\.json is neither a file nor a folder/),
	},
	{
		name: "package-is-a-folder",
		tries: "has a folder for a package.json",
		act: {},
		files: { "package.json/x": "" },
		gets: unusable(/package\.json/),
	},
	{
		name: "endless-package-at-the-top",
		tries: "has a package.json, where its target is looked for, that is a pipe",
		act: {},
		pipes: ["package.json"],
		gets: unusable(/package\.json/),
	},
	{
		name: "glob-import",
		tries: "requires a name put together at run time, for which the bundler looks through the whole disk",
		act: { module: 'tried(() => require("./reference/" + Math.random()));' },
		gets: NOTHING,
	},
	{
		name: "huge-source",
		tries: "brings a source file of 100 MB",
		files: { "raft.ts": 'export { make } from "./huge.ts";', "huge.ts": `export const make = 1; //${"x".repeat(1e8)}` },
		gets: unusable(/huge\.ts is too large: 96 MB/),
	},
	{
		name: "import-cycle",
		tries: "imports modules in a circle",
		act: { module: 'import { a } from "./a.ts"; used.push(a);' },
		files: {
			"a.ts": 'import { b } from "./b.ts"; export const a = () => b;',
			"b.ts": 'import { a } from "./a.ts"; import "./raft.ts"; export const b = () => a;',
		},
		gets: NOTHING,
	},
	{
		name: "hostile-file-name",
		tries: "gives a file a name that is a command to a CI system, and a mistake to be told of",
		act: { module: 'import "./x\\n::error::pwned\\u001b[2J.ts";' },
		files: { "x\n::error::pwned\u001b[2J.ts": "let let = 1;" },
		gets: unusable(/x ::error::pwned\\u001b\[2J\.ts:1:\d+/),
	},
	{
		name: "hostile-target-name",
		tries: "names a target in package.json that is a command to a CI system",
		act: {},
		files: { "package.json": '{"raftGrade":{"target":"x\\u001b[2J\\n::error::pwned"}}' },
		gets: unusable(/which does not exist/),
	},
	{
		name: "shell-line",
		tries: "begins with a line for a shell",
		files: { "raft.ts": '#!/usr/bin/env node\nexport { make } from "./reference/index.ts";' },
		gets: NOTHING,
	},
	{
		name: "cache-by-symlink",
		tries: "makes node_modules, where raft-grade remembers what failed, a link to somewhere else",
		act: { onCommand: "throw new Error('remember');" },
		links: { node_modules: ".." },
		gets: fails(/Error: remember/),
	},
	{
		name: "write-a-file",
		tries: "writes into the folder that it is graded from",
		act: { module: 'import * as fs from "fs/promises"; used.push(fs.writeFile("../pwned", "x"));' },
		gets: unusable(/fs\/promises is not available on a simulated machine/),
	},
];
