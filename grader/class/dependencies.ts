import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { BrokenSubmission, quoteName } from "./files/broken-submission.ts";
import type { SubmissionFiles } from "./files/submission-files.ts";

const PACKAGES_MAX = 300;
const INSTALLING_MAX_MS = 180_000;
/** What `npm ci` compares with the lockfile. Scripts, workspaces, and what configures npm are not among it. */
const KEPT_OF_MANIFEST = [
	"name",
	"version",
	"dependencies",
	"devDependencies",
	"optionalDependencies",
	"peerDependencies",
	"overrides",
];

type Json = Record<string, unknown>;

/**
 * Installs what a submission's lockfile says, into its own folder: packages from the registry that are plain JavaScript, and none of their scripts is run.
 *
 * @param root - the folder in which package.json is, relative to all files.
 * @param folder - the same folder, laid out.
 * @param scratch - a folder to work in, which is empty.
 * @throws BrokenSubmission if something else is in there, or npm refuses.
 */
export async function installDependencies(
	files: SubmissionFiles["files"],
	root: string,
	folder: string,
	scratch: string,
): Promise<void> {
	const manifest = readJson(files, path.posix.join(root, "package.json"));
	if (Object.keys(record(manifest?.dependencies)).length === 0) return;
	const lockName = path.posix.join(root, "package-lock.json");
	const lock = readJson(files, lockName);
	if (lock === undefined)
		throw new BrokenSubmission("its package.json names dependencies, but there is no package-lock.json beside it");
	checkLock(lock);
	const kept = Object.fromEntries(KEPT_OF_MANIFEST.map((key) => [key, manifest?.[key]]));
	await mkdir(scratch, { recursive: true });
	await writeFile(path.join(scratch, "package.json"), JSON.stringify({ ...kept, private: true }));
	await writeFile(path.join(scratch, "package-lock.json"), JSON.stringify(lock));
	await npmCi(scratch);
	const modules = path.join(scratch, "node_modules");
	if (!existsSync(modules)) return;
	await refuseNative(modules);
	await rename(modules, path.join(folder, "node_modules"));
}

function readJson(files: SubmissionFiles["files"], name: string): Json | undefined {
	const content = files.get(name);
	if (content === undefined) return undefined;
	try {
		return record(JSON.parse(content.toString("utf8")));
	} catch {
		throw new BrokenSubmission(`${name} is not valid JSON`);
	}
}

function record(value: unknown): Json {
	return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** Looks at every package that the lockfile names before npm does. */
function checkLock(lock: Json): void {
	const packages = Object.entries(record(lock.packages));
	if (Number(lock.lockfileVersion) < 2 || packages.length === 0)
		throw new BrokenSubmission("its package-lock.json is of npm 6 or older: make it anew with npm install");
	const wanted = packages.filter(([place, entry]) => place !== "" && record(entry).dev !== true);
	if (wanted.length > PACKAGES_MAX) throw new BrokenSubmission(`its lockfile names more than ${PACKAGES_MAX} packages`);
	for (const [place, value] of packages) {
		const entry = record(value);
		const name = quoteName(place.replace(/^.*node_modules\//, ""));
		if (place !== "" && !/^(?:node_modules\/(?:@[\w.-]+\/)?[\w.-]+\/?)+$/.test(place))
			throw new BrokenSubmission(`its lockfile puts a package at ${quoteName(place)}, outside of node_modules`);
		if (place.split("/").includes("..")) throw new BrokenSubmission(`its lockfile names ${quoteName(place)}`);
		if (place === "" || entry.dev === true || entry.optional === true) continue;
		if (entry.link === true || (typeof entry.resolved === "string" && !isOfRegistry(entry.resolved)))
			throw new BrokenSubmission(`the package ${name} does not come from npm's registry`);
		if (entry.hasInstallScript === true)
			throw new BrokenSubmission(
				`the package ${name} has an install script, which is not run: only plain JavaScript can be used`,
			);
		if (typeof entry.integrity !== "string" && entry.inBundle !== true)
			throw new BrokenSubmission(`its lockfile has no checksum for the package ${name}`);
	}
}

/** npm takes this for whichever registry it is set up with. */
function isOfRegistry(resolved: string): boolean {
	return resolved.startsWith("https://registry.npmjs.org/");
}

const NPM_OPTIONS = [
	"ci",
	"--ignore-scripts",
	"--omit=dev",
	"--omit=optional",
	"--no-audit",
	"--no-fund",
	"--no-update-notifier",
	"--loglevel=error",
	"--prefer-offline",
	// By default npm tries again for minutes, even a package whose checksum is wrong.
	"--fetch-retries=1",
	"--fetch-retry-mintimeout=1000",
	"--fetch-retry-maxtimeout=5000",
];

const UNREACHABLE = /\b(?:ENOTFOUND|ECONN\w+|ETIMEDOUT|EAI_AGAIN|ERR_SOCKET_TIMEOUT|E5\d\d|E401|E403|ENOTCACHED)\b/;

function npmCi(cwd: string): Promise<void> {
	return new Promise((resolve, reject) => {
		// Under npx, npm would think of the folder in which that was run.
		const { npm_config_local_prefix: _, INIT_CWD: __, ...env } = process.env;
		const shell = process.platform === "win32";
		const child = spawn("npm", NPM_OPTIONS, { cwd, env, stdio: ["ignore", "ignore", "pipe"], shell });
		let said = "";
		const timer = setTimeout(() => child.kill("SIGKILL"), INSTALLING_MAX_MS);
		child.stderr.on("data", (data: Buffer) => {
			said = (said + data.toString("utf8")).slice(0, 4000);
		});
		child.on("error", (error) => {
			clearTimeout(timer);
			reject(new Error(`npm could not be run: ${error.message}`));
		});
		child.on("close", (code, signal) => {
			clearTimeout(timer);
			if (code === 0) resolve();
			else if (signal !== null) reject(new BrokenSubmission("installing its dependencies took too long"));
			// Nobody's submission is to blame for that, and nobody's result is to be kept.
			else if (UNREACHABLE.test(said)) reject(new Error(`npm cannot reach its registry: ${firstComplaint(said)}`));
			else reject(new BrokenSubmission(`its dependencies cannot be installed: ${firstComplaint(said)}`));
		});
	});
}

function firstComplaint(said: string): string {
	const lines = said.split("\n").map((line) => line.replace(/^npm (?:error|ERR!) ?/, "").trim());
	return lines.find((line) => line !== "" && !/^code /.test(line)) ?? "npm ci failed";
}

/** What is built from C++, or has been, is no JavaScript. */
async function refuseNative(modules: string): Promise<void> {
	const entries = await readdir(modules, { recursive: true, withFileTypes: true });
	const native = entries.find(({ name }) => name === "binding.gyp" || /\.(?:node|wasm)$/.test(name));
	if (native === undefined) return;
	const where = path.relative(modules, path.join(native.parentPath, native.name));
	throw new BrokenSubmission(`its dependencies are not all plain JavaScript: there is ${quoteName(where)}`);
}
