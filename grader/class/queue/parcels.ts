/** What travels through Redis, and how it is looked at before anything is done with it. */
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { gradeReport } from "../../report/schema.ts";
import { megabytes } from "../files/limits.ts";
import { contentHash, type SubmissionFiles } from "../files/submission-files.ts";
import { type ClassGrading, type FullJob, gradingKey, keyOf } from "../job.ts";

/** Of a submission, packed: it is in the memory of Redis while it waits. */
export const FILES_MAX_BYTES = 8 * 2 ** 20;
/** Of anything, unpacked. */
const UNPACKED_MAX_BYTES = 128 * 2 ** 20;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const inside = z
	.string()
	.refine((name) => !name.startsWith("/") && !/[\\\0]|^[A-Za-z]:/.test(name) && !name.split("/").includes(".."));

/** What is on the queue itself. */
export const jobData = z.object({
	version: z.string(),
	code: z.string(),
	key: sha256,
	content: sha256,
	root: inside,
	file: inside.min(1),
	/** The SHA-256 of the packed grading. */
	grading: sha256,
	gradingKey: sha256,
});
export type JobData = z.infer<typeof jobData>;

const files = z.array(z.tuple([inside.min(1), z.base64()]));
const grading = z.object({
	grading: z.custom<ClassGrading>((value) => typeof value === "object" && value !== null),
	code: z.string().optional(),
});

/** What came of a job, and what the worker ran. Its version, Node and seed are in the report. */
const jobReply = z.object({
	key: sha256,
	content: sha256,
	gradingKey: sha256,
	code: z.string(),
	seconds: z.number().nonnegative(),
	report: gradeReport,
});
export type JobReply = z.infer<typeof jobReply>;

/** It is not what it says it is, and nothing has been done with it. */
export class ParcelError extends Error {
	override name = "ParcelError";
}

/** @throws ParcelError if they are too large. */
export async function packFiles(content: SubmissionFiles["files"]): Promise<Buffer> {
	const packed = await pack([...content].map(([name, bytes]) => [name, bytes.toString("base64")]));
	if (packed.length <= FILES_MAX_BYTES) return packed;
	throw new ParcelError(
		`its files are too large for a queue (${megabytes(packed.length)} packed, at most ${megabytes(FILES_MAX_BYTES)}): grade it without --queue`,
	);
}

/**
 * Unpacks a submission.
 *
 * @throws ParcelError if it is too large, or not the one that the job is about.
 */
export async function unpackFiles(packed: Buffer, { content, key, root, file, gradingKey }: JobData): Promise<FullJob> {
	if (packed.length > FILES_MAX_BYTES)
		throw new ParcelError(`its files are larger than ${megabytes(FILES_MAX_BYTES)}, packed`);
	const all = await unpack(packed, files, "its files");
	const unpacked = new Map(all.map(([name, text]) => [name, Buffer.from(text, "base64")]));
	if (contentHash({ files: unpacked, notes: [] }) !== content)
		throw new ParcelError("its files are not those that were sent: their hash is another");
	if (keyOf(gradingKey, content, root, file) !== key) throw new ParcelError("its key is not that of its files");
	return { key, content, root, file, files: unpacked };
}

/** What all submissions are graded by, as it travels. */
export interface PackedGrading {
	readonly bytes: Buffer;
	readonly hash: string;
}

/** @param code - the workers' code, if the policy has suites of its own: they are in it. */
export async function packGrading(own: ClassGrading, code: string | undefined): Promise<PackedGrading> {
	const bytes = await pack({ grading: own, code });
	return { bytes, hash: hashOf(bytes) };
}

/** @throws ParcelError if it is not the one that the job names, or would not be the same here. */
export async function unpackGrading(
	packed: Buffer,
	data: Pick<JobData, "grading" | "gradingKey">,
): Promise<z.infer<typeof grading>> {
	if (hashOf(packed) !== data.grading)
		throw new ParcelError("what to grade by is not what was sent: its hash is another");
	const found = await unpack(packed, grading, "what to grade by");
	if ((await gradingKey(found.grading, found.code)) !== data.gradingKey)
		throw new ParcelError("graded here, the result would be another: this raft-grade differs from the one that asks");
	return found;
}

export function packReply(reply: JobReply): Promise<Buffer> {
	return pack(reply);
}

/** @throws ParcelError if it is not an answer to that job. */
export async function unpackReply(packed: Buffer, asked: JobData): Promise<JobReply> {
	const reply = await unpack(packed, jobReply, "a worker's result");
	const isAsked =
		reply.key === asked.key &&
		reply.content === asked.content &&
		reply.gradingKey === asked.gradingKey &&
		reply.code === asked.code &&
		reply.report.tool.version === asked.version;
	if (!isAsked) throw new ParcelError("a worker's result is about something else");
	return reply;
}

function hashOf(bytes: Buffer): string {
	return createHash("sha256").update(bytes).digest("hex");
}

async function pack(value: unknown): Promise<Buffer> {
	return promisify(gzip)(JSON.stringify(value));
}

async function unpack<Value>(packed: Buffer, schema: z.ZodType<Value>, what: string): Promise<Value> {
	try {
		// A small parcel may unpack to a huge one.
		const text = await promisify(gunzip)(packed, { maxOutputLength: UNPACKED_MAX_BYTES });
		return schema.parse(JSON.parse(text.toString("utf8")));
	} catch {
		throw new ParcelError(`${what} cannot be read`);
	}
}
