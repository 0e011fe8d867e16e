import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { packTar } from "modern-tar";
import { folderWith, removeFolders } from "../testing/command.ts";
import { installDependencies } from "./dependencies.ts";
import { BrokenSubmission } from "./files/broken-submission.ts";

/** A package, as the registry has it. */
async function packed(files: Readonly<Record<string, string>>): Promise<Buffer> {
	const entries = Object.entries(files).map(([name, body]) => ({
		header: { name: `package/${name}`, size: Buffer.byteLength(body), type: "file" as const },
		body,
	}));
	return gzipSync(Buffer.from(await packTar(entries)));
}

const SCRIPT = "touch /tmp/raft-grade-install-script-ran";

describe("a submission's dependencies", function () {
	this.timeout(120_000);
	const packages = new Map<string, Buffer>();
	let registry: Server;
	const before_ = { registry: process.env.npm_config_registry, cache: process.env.npm_config_cache };

	before(async () => {
		packages.set(
			"tiny",
			await packed({ "package.json": '{"name":"tiny","version":"1.0.0"}', "index.js": "exports.x = 1;" }),
		);
		packages.set(
			"scripted",
			await packed({
				"package.json": JSON.stringify({ name: "scripted", version: "1.0.0", scripts: { install: SCRIPT } }),
			}),
		);
		packages.set(
			"native",
			await packed({ "package.json": '{"name":"native","version":"1.0.0"}', "binding.gyp": "{}" }),
		);
		registry = createServer((request, response) => {
			const name = /^\/(\w+)\/-\//.exec(request.url ?? "")?.[1] ?? "";
			const found = packages.get(name);
			response.writeHead(found === undefined ? 404 : 200).end(found);
		}).listen(0, "127.0.0.1");
		await new Promise((resolve) => registry.once("listening", resolve));
		process.env.npm_config_registry = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
		process.env.npm_config_cache = await folderWith({});
	});

	after(async () => {
		for (const [name, value] of Object.entries(before_)) {
			if (value === undefined) delete process.env[`npm_config_${name}`];
			else process.env[`npm_config_${name}`] = value;
		}
		registry.close();
		await removeFolders();
	});

	/** Installs one package, as a lockfile names it. Returns the folder. */
	async function install(
		name: string,
		entry: object = {},
		more: Readonly<Record<string, string>> = {},
		extra: object = {},
	) {
		const integrity = `sha512-${createHash("sha512")
			.update(packages.get(name) ?? "")
			.digest("base64")}`;
		const resolved = `https://registry.npmjs.org/${name}/-/${name}-1.0.0.tgz`;
		const manifest = { name: "lab", version: "0.0.0", dependencies: { [name]: "1.0.0" } };
		const lock = {
			name: "lab",
			version: "0.0.0",
			lockfileVersion: 3,
			requires: true,
			packages: {
				"": manifest,
				[`node_modules/${name}`]: { version: "1.0.0", resolved, integrity, ...entry },
				...extra,
			},
		};
		const texts = {
			"lab/package.json": JSON.stringify({ ...manifest, scripts: { preinstall: SCRIPT, prepare: SCRIPT } }),
			"lab/package-lock.json": JSON.stringify(lock),
			...more,
		};
		const files = new Map(Object.entries(texts).map(([file, text]) => [file, Buffer.from(text)]));
		const folder = await folderWith({});
		await mkdir(path.join(folder, "lab"));
		await installDependencies(files, "lab", path.join(folder, "lab"), path.join(folder, "install"));
		return path.join(folder, "lab");
	}

	async function refusal(promise: Promise<unknown>): Promise<string> {
		const error = await promise.catch((thrown: unknown) => thrown);
		expect(error).to.be.instanceOf(BrokenSubmission);
		expect((error as Error).message.split("\n")).to.have.length(1);
		return (error as Error).message;
	}

	it("are installed, if they are plain JavaScript of the registry's", async () => {
		const folder = await install("tiny", {}, { "lab/.npmrc": "registry=http://127.0.0.1:1/\n" });
		expect(await readFile(path.join(folder, "node_modules/tiny/index.js"), "utf8")).to.equal("exports.x = 1;");
	});

	it("have none of their scripts run, nor has the submission", async () => {
		const folder = await install("scripted");
		expect(await readdir(path.join(folder, "node_modules"))).to.include("scripted");
		expect(existsSync("/tmp/raft-grade-install-script-ran")).to.equal(false);
	});

	it("are refused, each with a sentence, if they are anything else", async () => {
		expect(await refusal(install("native"))).to.match(/not all plain JavaScript: there is "native\/binding\.gyp"/);
		expect(await refusal(install("tiny", { hasInstallScript: true }))).to.match(/"tiny" has an install script/);
		expect(await refusal(install("tiny", { resolved: "git+ssh://git@example.org/x.git" }))).to.match(
			/does not come from npm's registry/,
		);
		expect(await refusal(install("tiny", { resolved: "http://169.254.169.254/x.tgz" }))).to.match(
			/does not come from npm's registry/,
		);
		expect(await refusal(install("tiny", { integrity: undefined }))).to.match(/no checksum for the package "tiny"/);
		expect(await refusal(install("tiny", {}, {}, { "../../evil": { version: "1.0.0" } }))).to.match(
			/outside of node_modules/,
		);
		expect(await refusal(install("tiny", { integrity: `sha512-${"A".repeat(86)}==` }))).to.match(/cannot be installed/);
		expect(await refusal(install("tiny", {}, { "lab/package-lock.json": "{" }))).to.match(
			/package-lock\.json is not valid JSON/,
		);
		expect(await refusal(install("tiny", {}, { "lab/package-lock.json": '{"lockfileVersion":1}' }))).to.match(
			/npm 6 or older/,
		);
	});

	it("are nobody's fault if the registry cannot be reached", async () => {
		const reachable = process.env.npm_config_registry;
		process.env.npm_config_registry = "http://127.0.0.1:1/";
		process.env.npm_config_cache = await folderWith({});
		try {
			const error = await install("tiny").catch((thrown: unknown) => thrown);
			expect(error).to.be.instanceOf(Error).and.not.instanceOf(BrokenSubmission);
			expect((error as Error).message).to.match(/npm cannot reach its registry/);
		} finally {
			process.env.npm_config_registry = reachable;
		}
	});
});
