import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { BrokenSubmission, quoteName } from "./broken-submission.ts";
import type { FileCollector } from "./submission-files.ts";

/**
 * A repository is a student's: its configuration could name programs (for the file system's monitor, for a transport that fetches objects that are not
 * there). So only commands are used that read objects, and these are told to run, fetch and ask nothing.
 */
const ENVIRONMENT = {
	GIT_CONFIG_NOSYSTEM: "1",
	GIT_CONFIG_GLOBAL: "/dev/null",
	GIT_TERMINAL_PROMPT: "0",
	GIT_NO_LAZY_FETCH: "1",
	GIT_NO_REPLACE_OBJECTS: "1",
	GIT_OPTIONAL_LOCKS: "0",
	GIT_ALLOW_PROTOCOL: "none",
} as const;
const OPTIONS = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"];
const LISTING_MAX_BYTES = 64 * 2 ** 20;
const LINK_MODE = "120000";
const SUBMODULE_MODE = "160000";

/**
 * Collects the files of a commit, as they are stored: no hook, no filter and no attribute of the repository's has a say.
 *
 * @param at - a branch, tag or commit; a date (the last commit of the current branch that is not later); or undefined: the current branch.
 */
export async function readGit(repository: string, at: string | undefined, into: FileCollector): Promise<void> {
	if (!existsSync(repository)) throw new BrokenSubmission("there is no such repository");
	const commit = await findCommit(repository, at);
	into.note(`commit ${commit.slice(0, 12)}${at === undefined ? "" : ` (${at})`}`);
	const listing = await git(repository, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit], LISTING_MAX_BYTES);
	const blobs: { readonly clean: string; readonly object: string; readonly isLink: boolean }[] = [];
	let declared = 0;
	for (const line of listing
		.toString("utf8")
		.split("\0")
		.filter((text) => text !== "")) {
		const [, mode, object, size, name] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
		if (mode === undefined || object === undefined || name === undefined)
			throw new BrokenSubmission("the repository is damaged: an object of the commit's is missing");
		const clean = into.admit(name);
		if (clean === undefined) continue;
		if (mode === SUBMODULE_MODE) {
			into.note(`left out: the submodule ${quoteName(clean)}`);
			continue;
		}
		declared += Number(size);
		if (declared > into.room) into.count(declared);
		blobs.push({ clean, object, isLink: mode === LINK_MODE });
	}
	const contents = await readBlobs(
		repository,
		blobs.map(({ object }) => object),
		declared,
	);
	for (const [i, { clean, isLink }] of blobs.entries()) {
		const content = contents[i] ?? Buffer.alloc(0);
		into.count(content.length);
		if (isLink) into.link(clean, content.toString("utf8"));
		else into.add(clean, content);
	}
}

async function findCommit(repository: string, at: string | undefined): Promise<string> {
	const named = await resolve(repository, at ?? "HEAD");
	if (named !== undefined) return named;
	if (at === undefined) throw new BrokenSubmission("the repository has no commits, or is none");
	if (!/^\d{4}-\d\d-\d\d/.test(at)) {
		// Clones have other people's branches under the name of where they came from.
		const remote = await resolve(repository, `refs/remotes/origin/${at}`);
		if (remote !== undefined) return remote;
		throw new BrokenSubmission(`the repository has no branch, tag or commit ${quoteName(at)}`);
	}
	// A bare date would mean the present time of that day.
	const until = /^\d{4}-\d\d-\d\d$/.test(at) ? `${at}T23:59:59` : at;
	const found = await git(repository, ["rev-list", "-1", `--before=${until}`, "HEAD"]);
	const commit = found.toString("utf8").trim();
	if (commit === "") throw new BrokenSubmission(`the repository has no commit from before ${at}`);
	return commit;
}

async function resolve(repository: string, name: string): Promise<string | undefined> {
	try {
		const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
		return (await git(repository, args)).toString("utf8").trim();
	} catch {
		return undefined;
	}
}

/** The contents of objects, in order. */
async function readBlobs(repository: string, objects: readonly string[], bytes: number): Promise<Buffer[]> {
	const input = objects.map((object) => `${object}\n`).join("");
	const answer = await git(repository, ["cat-file", "--batch"], bytes + 200 * objects.length + 1024, input);
	const contents: Buffer[] = [];
	let at = 0;
	for (const object of objects) {
		const end = answer.indexOf(10, at);
		const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(answer.toString("latin1", at, end)) ?? [];
		if (size === undefined) throw new BrokenSubmission(`the repository is damaged: object ${object} is missing`);
		contents.push(answer.subarray(end + 1, end + 1 + Number(size)));
		at = end + 1 + Number(size) + 1;
	}
	return contents;
}

function git(repository: string, args: readonly string[], maxBytes = 2 ** 20, input = ""): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const child = spawn("git", [...OPTIONS, "-C", repository, ...args], {
			// A folder that is no repository must not be taken for a part of one further up.
			env: { PATH: process.env.PATH, TZ: "UTC", ...ENVIRONMENT, GIT_CEILING_DIRECTORIES: path.dirname(repository) },
			stdio: ["pipe", "pipe", "pipe"],
		});
		const chunks: Buffer[] = [];
		let bytes = 0;
		let complaint = "";
		child.stdout.on("data", (chunk: Buffer) => {
			bytes += chunk.length;
			if (bytes > maxBytes) child.kill("SIGKILL");
			else chunks.push(chunk);
		});
		child.stderr.on("data", (chunk: Buffer) => {
			complaint = (complaint + chunk.toString("utf8")).slice(0, 500);
		});
		child.stdin.on("error", () => {});
		child.stdin.end(input);
		child.on("error", (error) => reject(new BrokenSubmission(`git could not be run: ${error.message}`)));
		child.on("close", (code) => {
			if (code === 0) resolve(Buffer.concat(chunks));
			else reject(new BrokenSubmission(`git cannot read the repository: ${complaint.split("\n")[0] || "too much"}`));
		});
	});
}
