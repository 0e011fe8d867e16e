import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { contentHash } from "../files/submission-files.ts";
import { keyOf } from "../job.ts";
import {
	FILES_MAX_BYTES,
	type JobData,
	jobData,
	ParcelError,
	packFiles,
	packGrading,
	unpackFiles,
	unpackGrading,
} from "./parcels.ts";
import { gradingForTests } from "./testing/grading.ts";

const some = "a".repeat(64);

function dataFor(files: ReadonlyMap<string, Buffer>, root = "", file = "raft.ts"): JobData {
	const content = contentHash({ files, notes: [] });
	return {
		version: "1",
		code: "c",
		key: keyOf(some, content, root, file),
		content,
		root,
		file,
		grading: some,
		gradingKey: some,
	};
}

async function refusal(work: Promise<unknown>): Promise<string> {
	try {
		await work;
	} catch (error) {
		expect(error).to.be.instanceOf(ParcelError);
		return (error as Error).message;
	}
	return expect.fail("it was taken");
}

describe("what travels through a queue", () => {
	it("arrives as it was, whatever is in a file", async () => {
		const name = fc.stringMatching(/^[a-z]{1,8}(\/[a-zé ]{1,8}){0,2}$/);
		await fc.assert(
			fc.asyncProperty(fc.dictionary(name, fc.uint8Array()), async (given) => {
				const files = new Map(Object.entries(given).map(([path, bytes]) => [path, Buffer.from(bytes)]));
				const { files: arrived } = await unpackFiles(await packFiles(files), dataFor(files));
				expect([...arrived]).to.deep.equal([...files]);
			}),
			{ numRuns: 30 },
		);
	});

	it("is refused if it is too large, on either side", async () => {
		const files = new Map([["noise.bin", randomBytes(FILES_MAX_BYTES + 1)]]);
		expect(await refusal(packFiles(files))).to.match(
			/too large for a queue \(8 MB packed, at most 8 MB\).*without --queue/,
		);
		expect(await refusal(unpackFiles(randomBytes(FILES_MAX_BYTES + 1), dataFor(files)))).to.include("larger than 8 MB");
		const bomb = await promisify(gzip)(Buffer.alloc(200 * 2 ** 20));
		expect(bomb.length).to.be.lessThan(FILES_MAX_BYTES);
		expect(await refusal(unpackFiles(bomb, dataFor(files)))).to.include("cannot be read");
	});

	it("is refused if it is not what the job is about", async () => {
		const files = new Map([["raft.ts", Buffer.from("export {}")]]);
		const others = new Map([["raft.ts", Buffer.from("export { }")]]);
		expect(await refusal(unpackFiles(await packFiles(others), dataFor(files)))).to.include("their hash is another");
		const otherKey = { ...dataFor(files), key: some };
		expect(await refusal(unpackFiles(await packFiles(files), otherKey))).to.include("its key is not that of its files");
		expect(await refusal(unpackFiles(Buffer.from("no gzip"), dataFor(files)))).to.include("cannot be read");
	});

	it("names no file outside of the submission", async () => {
		for (const bad of ["../raft.ts", "/etc/passwd", "a/../../b", "C:\\x", "a\\b", "a\0b", ""]) {
			const files = new Map([[bad, Buffer.from("x")]]);
			expect(await refusal(unpackFiles(await packFiles(files), dataFor(files))), bad).to.include("cannot be read");
			expect(jobData.safeParse(dataFor(new Map(), "", bad)).success, bad).to.equal(false);
			if (bad !== "") expect(jobData.safeParse(dataFor(new Map(), bad)).success, bad).to.equal(false);
		}
		expect(jobData.safeParse(dataFor(new Map(), "lab/raft", "src/raft.ts")).success).to.equal(true);
	});

	it("says what to grade by, which must come to the same there", async () => {
		const { grading, key } = await gradingForTests("InitialElection");
		const { bytes, hash } = await packGrading(grading, undefined);
		const { grading: arrived } = await unpackGrading(bytes, { grading: hash, gradingKey: key });
		expect(arrived).to.deep.equal(JSON.parse(JSON.stringify(grading)));
		expect(await refusal(unpackGrading(bytes, { grading: some, gradingKey: key }))).to.include("its hash is another");
		expect(await refusal(unpackGrading(bytes, { grading: hash, gradingKey: some }))).to.include(
			"this raft-grade differs from the one that asks",
		);
	}).timeout(60_000);
});
