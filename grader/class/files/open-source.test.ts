import { existsSync } from "node:fs";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { packTar } from "modern-tar";
import { folderWith, removeFolders, run } from "../../testing/command.ts";
import { makeZip, type ZipEntry } from "../testing/make-zip.ts";
import { BrokenSubmission } from "./broken-submission.ts";
import { findModule } from "./find-module.ts";
import { USUAL_SUBMISSION_LIMITS } from "./limits.ts";
import { openSource, type Source } from "./open-source.ts";
import { contentHash } from "./submission-files.ts";

const MAKE = "export const make = () => ({});";

const open = (source: Source) => openSource(source, USUAL_SUBMISSION_LIMITS);

async function openZip(entries: readonly ZipEntry[]) {
	return openBuffer("a.zip", makeZip(entries));
}

async function openBuffer(name: string, content: Buffer) {
	const folder = await folderWith({});
	await writeFile(path.join(folder, name), content);
	return open({ kind: "files", files: [{ name, place: path.join(folder, name), attempt: 0 }] });
}

const namesOf = ({ files }: Awaited<ReturnType<typeof open>>) => [...files.keys()];

async function brokenBy(source: Source): Promise<string> {
	const error = await open(source).catch((thrown: unknown) => thrown);
	expect(error).to.be.instanceOf(BrokenSubmission);
	return (error as Error).message;
}

describe("opening a submission", () => {
	after(removeFolders);

	it("gives the same files, and the same hash, for a folder, a zip archive and a tar archive", async () => {
		const files = { "src/raft.ts": MAKE, "src/log.ts": "", "README.md": "# Raft" };
		const entries = Object.entries(files);
		const folder = await folderWith(files);
		const tarred = await packTar(
			entries.map(([name, body]) => ({ header: { name: `./${name}`, size: body.length, type: "file" }, body })),
		);
		const all = await Promise.all([
			open({ kind: "folder", place: folder }),
			openZip(entries.map(([name, content]) => ({ name, content }))),
			openBuffer("a.tar", Buffer.from(tarred)),
			openBuffer("a.tgz", gzipSync(Buffer.from(tarred))),
		]);
		for (const found of all) expect(namesOf(found)).to.deep.equal(["README.md", "src/log.ts", "src/raft.ts"]);
		expect(new Set(all.map(contentHash)).size).to.equal(1);
		const other = await openZip([{ name: "src/raft.ts", content: `${MAKE} ` }]);
		expect(contentHash(other)).to.not.equal(contentHash(all[0]));
	});

	it("leaves out what nobody means to hand in", async () => {
		const found = await openZip([
			{ name: "lab/raft.ts", content: MAKE },
			{ name: "lab/node_modules/x/index.js" },
			{ name: "lab/.git/config" },
			{ name: "__MACOSX/lab/._raft.ts" },
			{ name: "lab/.DS_Store" },
		]);
		expect(namesOf(found)).to.deep.equal(["lab/raft.ts"]);
	});

	it("reads names in the code page of the first PC, and with backslashes", async () => {
		const found = await openZip([
			{ name: Buffer.from([0x81, 0x2e, 0x74, 0x73]) },
			{ name: Buffer.from("src\\raft.ts") },
		]);
		expect(namesOf(found)).to.deep.equal(["src/raft.ts", "ü.ts"]);
	});

	it("copies what a link within leads to, and leaves out a link that leads nowhere", async () => {
		const folder = await folderWith({ "src/raft.ts": MAKE });
		await symlink("src/raft.ts", path.join(folder, "raft.ts"));
		await symlink(path.join(folder, "src/raft.ts"), path.join(folder, "absolute.ts"));
		await symlink("nowhere", path.join(folder, "x"));
		const found = await open({ kind: "folder", place: folder });
		expect(namesOf(found)).to.deep.equal(["absolute.ts", "raft.ts", "src/raft.ts"]);
		expect(found.files.get("raft.ts")?.toString()).to.equal(MAKE);
		expect(found.notes.join()).to.include('left out: "x"');
	});

	it("refuses a folder with a pipe, or a link that leads out, without opening either", async () => {
		const folder = await folderWith({ "raft.ts": MAKE });
		await run("mkfifo", ["pipe"], folder);
		expect(await brokenBy({ kind: "folder", place: folder })).to.match(/"pipe" is a pipe/);
		const other = await folderWith({ "raft.ts": MAKE });
		await symlink("/etc", path.join(other, "etc"));
		expect(await brokenBy({ kind: "folder", place: other })).to.match(/"etc" is a link that leads out/);
	});

	it("opens an archive in a folder, as Moodle has them, and of several attempts the last", async () => {
		const folder = await folderWith({});
		await writeFile(path.join(folder, "lab.zip"), makeZip([{ name: "raft.ts", content: "export const make = 1;" }]));
		await writeFile(path.join(folder, "lab-2.zip"), makeZip([{ name: "deep/lab/raft.ts", content: MAKE }]));
		const found = await open({ kind: "folder", place: folder });
		expect(found.files.get("deep/lab/raft.ts")?.toString()).to.equal(MAKE);
		expect(found.notes).to.deep.equal(['took "lab-2.zip", the last of 2 archives']);
	});

	it("takes the last attempt at a file", async () => {
		const folder = await folderWith({ first: "1", second: "2", other: "3" });
		const files = [
			{ name: "raft.ts", place: path.join(folder, "second"), attempt: 2 },
			{ name: "raft.ts", place: path.join(folder, "first"), attempt: 1 },
			{ name: "log.ts", place: path.join(folder, "other"), attempt: 0 },
		];
		const found = await open({ kind: "files", files });
		expect(found.files.get("raft.ts")?.toString()).to.equal("2");
		expect(found.files.get("log.ts")?.toString()).to.equal("3");
		expect(found.notes).to.deep.equal(['took the last of 2 attempts at "raft.ts"']);
	});

	it("never gives a path that leads elsewhere, whatever an archive's names are", async () => {
		const part = fc.constantFrom("..", ".", "a", "A", "raft.ts", "/", "\\", "\0", "c:", "node_modules", "é");
		const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
		await fc.assert(
			fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 4 }), async (names) => {
				const found = await openZip(names.map((one) => ({ name: one }))).catch((error: unknown) => error);
				if (found instanceof BrokenSubmission) return;
				for (const clean of namesOf(found as Awaited<ReturnType<typeof open>>)) {
					const place = path.resolve("/submission", clean);
					expect(place.startsWith("/submission/"), clean).to.equal(true);
					expect(clean.split("/")).to.not.include("..");
				}
			}),
			{ numRuns: 200 },
		);
	});
});

describe("a submission in a git repository", () => {
	after(removeFolders);

	/** A repository with two commits, a branch and a tag. */
	async function repository(): Promise<string> {
		const folder = await folderWith({ "raft.ts": "first", "docs/a.md": "x" });
		const git = (...args: string[]) =>
			run("git", ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main", ...args], folder, {
				GIT_COMMITTER_DATE: args.at(-1) === "second" ? "2026-11-20T12:00:00Z" : "2026-11-10T12:00:00Z",
			});
		await git("init", "-q");
		await git("add", ".");
		await git("commit", "-qm", "first");
		await git("tag", "handin");
		await git("branch", "other");
		await writeFile(path.join(folder, "raft.ts"), "second");
		await git("commit", "-qam", "second");
		await writeFile(path.join(folder, "raft.ts"), "not committed");
		return folder;
	}

	const at = async (place: string, ref: string | undefined) =>
		(await open({ kind: "git", repository: place, at: ref })).files.get("raft.ts")?.toString();

	it("is read at a branch, a tag, a commit, a date, or where it is", async () => {
		const place = await repository();
		expect(await at(place, undefined)).to.equal("second");
		expect(await at(place, "main")).to.equal("second");
		expect(await at(place, "other")).to.equal("first");
		expect(await at(place, "handin")).to.equal("first");
		expect(await at(place, "2026-11-15")).to.equal("first");
		expect(await at(place, "2026-11-20")).to.equal("second");
		const source = { kind: "git", repository: place, at: "2026-11-01" } as const;
		expect(await brokenBy(source)).to.match(/no commit from before/);
		expect(await brokenBy({ ...source, at: "nosuch" })).to.match(/no branch, tag or commit "nosuch"/);
		expect(await brokenBy({ ...source, at: "--upload-pack=x" })).to.match(/no branch, tag or commit/);
	});

	it("has none of its programs run", async () => {
		const place = await repository();
		const canary = path.join(place, "canary");
		const program = path.join(place, "program");
		await writeFile(program, `#!/bin/sh\ntouch ${canary}\ncat\n`, { mode: 0o755 });
		await writeFile(path.join(place, ".gitattributes"), "* filter=evil diff=evil\n");
		const settings = [
			"core.fsmonitor",
			"filter.evil.smudge",
			"filter.evil.clean",
			"diff.evil.textconv",
			"core.pager",
			"core.sshCommand",
		];
		for (const name of settings) await run("git", ["config", name, program], place);
		await run("git", ["config", "alias.ls-tree", `!${program}`], place);
		await mkdir(path.join(place, ".git/hooks"), { recursive: true });
		for (const hook of ["post-checkout", "reference-transaction", "fsmonitor-watchman"])
			await writeFile(path.join(place, ".git/hooks", hook), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
		expect(await at(place, "handin")).to.equal("first");
		const { stdout } = await run("ls", [place], place);
		expect(stdout).to.not.include("canary");
	});

	it("fetches nothing that is missing from wherever its configuration says", async () => {
		const place = await repository();
		const git = (...args: string[]) => run("git", args, place);
		const canary = path.join(place, "canary");
		const settings = {
			"core.repositoryformatversion": "1",
			"extensions.partialClone": "origin",
			"remote.origin.promisor": "true",
			"remote.origin.url": `ext::sh -c "touch ${canary}"`,
			"protocol.ext.allow": "always",
		};
		for (const [name, value] of Object.entries(settings)) await git("config", name, value);
		const blob = (await git("rev-parse", "handin:raft.ts")).stdout.trim();
		await rm(path.join(place, ".git/objects", blob.slice(0, 2), blob.slice(2)));
		const source = { kind: "git", repository: place, at: "handin" } as const;
		expect(await brokenBy(source)).to.match(/damaged|cannot read/);
		expect(existsSync(canary)).to.equal(false);
	});

	it("is not one that lies further up", async () => {
		const place = await repository();
		await mkdir(path.join(place, "student"));
		const source = { kind: "git", repository: path.join(place, "student"), at: undefined } as const;
		expect(await brokenBy(source)).to.match(/no commits, or is none/);
	});
});

describe("the main module of a submission", () => {
	const find = (files: Readonly<Record<string, string>>, expected?: string) => {
		try {
			const { root, file, notes } = findModule(
				{ files: new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])) },
				expected,
			);
			return `${root}|${file}${notes.length === 0 ? "" : `|${notes.join()}`}`;
		} catch (error) {
			return (error as Error).message;
		}
	};

	it("is where the course says, where package.json says, or has a usual name; in the folder that lies least deep", () => {
		expect(find({ "lab/my/main.ts": "", "lab/raft.ts": "" }, "my/main.ts")).to.equal("lab|my/main.ts");
		expect(find({ "package.json": '{"raftGrade":{"target":"./lib/r.ts"}}', "lib/r.ts": "", "raft.ts": "" })).to.equal(
			"|lib/r.ts",
		);
		expect(find({ "src/raft.ts": "", "raft.ts": "" })).to.equal("|src/raft.ts");
		expect(find({ "a/b/raft.js": "", "a/b/log.js": "" })).to.equal("a/b|raft.js");
		expect(find({ "raft.ts": "", "old/raft.ts": "", "old2/raft.ts": "" })).to.equal("|raft.ts");
	});

	it("is none, as for the single command, if package.json is a folder", () => {
		const sentence = /^package\.json is not a file: it must be one, or not be there/;
		expect(find({ "package.json/x": "", "raft.ts": "" })).to.match(sentence);
		expect(find({ "lab/raft.ts": "", "lab/node/package.json/x": "" })).to.equal("lab|raft.ts");
	});

	it("is else the only one that exports make, or the only one", () => {
		expect(find({ "doe.ts": MAKE, "util.ts": "export const x = 1;", "doe.test.ts": MAKE })).to.equal("|doe.ts");
		expect(
			find({ "p/package.json": "{}", "p/src/a.ts": "const m = 1;\nexport { m as make };", "p/src/b.ts": "" }),
		).to.equal("p|src/a.ts");
		expect(find({ "x/doe.mjs": "" })).to.equal("x|doe.mjs");
		expect(find({ "a.ts": "", "b.ts": "" })).to.match(/none of which exports make/);
	});

	it("is that of the last attempt", () => {
		expect(find({ "attempt-2/raft.ts": "", "attempt-10/raft.ts": "" })).to.equal(
			"attempt-10|raft.ts|took attempt-10, the last of 2 attempts",
		);
		expect(find({ "lab/raft.ts": "", "backup/raft.ts": "" })).to.match(/two modules/);
	});
});
