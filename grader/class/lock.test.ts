import { readdir, readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { folderWith, removeFolders } from "../testing/command.ts";
import { UsageError } from "../usage-error.ts";
import { takeLock } from "./lock.ts";

describe("the lock on a folder", () => {
	let file: string;

	beforeEach(async () => {
		file = path.join(await folderWith({}), "own", "lock");
	});
	after(removeFolders);

	it("is held by one at a time, and given back", async () => {
		const lock = await takeLock(file, "results");
		const error = await takeLock(file, "results").catch((thrown: unknown) => thrown);
		expect(error).to.be.instanceOf(UsageError);
		expect((error as Error).message).to.include(`results is in use by process ${process.pid}`);
		await lock.release();
		await (await takeLock(file, "results")).release();
		expect(await readdir(path.dirname(file))).to.deep.equal([]);
	});

	it("is taken over from a process that is no more, by one of those who try", async () => {
		await (await takeLock(file, "results")).release();
		const dead = { token: "dead", pid: 2 ** 22 - 1, host: os.hostname(), started: "1" };
		await writeFile(file, JSON.stringify(dead));
		const tried = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(file, "results")));
		const [first, ...others] = tried.filter(({ status }) => status === "fulfilled");
		expect(first).to.have.property("status", "fulfilled");
		expect(others).to.deep.equal([]);
		expect(JSON.parse(await readFile(file, "utf8")).pid).to.equal(process.pid);
		expect(await readdir(path.dirname(file))).to.deep.equal(["lock"]);
	});

	it("is taken over although whoever wanted to take it over is no more either", async () => {
		await (await takeLock(file, "results")).release();
		const dead = { token: "dead", pid: 2 ** 22 - 1, host: os.hostname(), started: "1" };
		await writeFile(file, JSON.stringify(dead));
		await writeFile(`${file}.dead`, JSON.stringify({ ...dead, token: "heir" }));
		await (await takeLock(file, "results")).release();
		expect(await readdir(path.dirname(file))).to.deep.equal([]);
	});

	it("is taken over from a process whose number another has got since, and after a crash that left half of it", async function () {
		if (process.platform !== "linux") this.skip();
		const lock = await takeLock(file, "results");
		const held = JSON.parse(await readFile(file, "utf8"));
		await writeFile(file, JSON.stringify({ ...held, started: "1" }));
		await takeLock(file, "results");
		// It has become somebody else's.
		await lock.release();
		await writeFile(file, '{"tok');
		await (await takeLock(file, "results")).release();
	});

	it("is not taken from a process on another machine, of which nothing is known", async () => {
		await (await takeLock(file, "results")).release();
		await writeFile(file, JSON.stringify({ token: "t", pid: 1, host: "elsewhere.example", started: "1" }));
		const error = await takeLock(file, "results").catch((thrown: unknown) => thrown);
		expect((error as Error).message)
			.to.include("process 1 on elsewhere.example")
			.and.include(`delete ${file}`);
	});
});
