import path from "node:path";
import type { HandedIn } from "../files/open-source.ts";
import type { Unnamed } from "./submission.ts";

/** `doejane_LATE_12345_67890_raft-1.ts`: the student, the mark, their number in Canvas, the upload's, the file's name. */
const NAME = /^([\p{L}\p{M}\p{N}-]+)_(?:(LATE)_)?(\d+)_(\d+)_(.+)$/u;

/** A file of an export from Canvas. */
export interface CanvasFile {
	readonly student: string;
	readonly id: string;
	readonly isLate: boolean;
	readonly handedIn: HandedIn;
}

/** Reads the name of a file that Canvas has exported; undefined if it is none. */
export function readCanvasName(place: string): CanvasFile | undefined {
	const [, student, late, id, upload, name] = NAME.exec(path.basename(place)) ?? [];
	if (student === undefined || id === undefined || upload === undefined || name === undefined) return undefined;
	// Canvas numbers what a student hands in under the same name again.
	const [, stem, again = "0", ending] = /^(.+?)(?:-(\d+))?(\.(?:tar\.)?[^.]+)$/.exec(name) ?? [];
	const original = stem === undefined || ending === undefined ? name : stem + ending;
	// Of the same name, the higher number counts; of different archives, the later upload.
	const attempt = Number(again) * 1e12 + Number(upload);
	return { student, id, isLate: late !== undefined, handedIn: { name: original, place, attempt } };
}

/** Puts the files of each student together. */
export function groupCanvasFiles(files: readonly CanvasFile[]): Unnamed[] {
	const byStudent = new Map<string, CanvasFile[]>();
	for (const file of files) byStudent.set(file.id, [...(byStudent.get(file.id) ?? []), file]);
	return [...byStudent].map(([id, own]) => ({
		students: [{ name: own[0]?.student ?? id, id }],
		from: own.map(({ handedIn }) => path.basename(handedIn.place)).join(", "),
		isLate: own.some(({ isLate }) => isLate),
		source: { kind: "files", files: own.map(({ handedIn }) => handedIn) },
	}));
}
