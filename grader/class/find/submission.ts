import type { Source } from "../files/open-source.ts";
import type { Student } from "./student.ts";

/** A submission, before anybody has looked into it. */
export interface Submission {
	/** Unique among all, and fit for a file's name. */
	readonly slug: string;
	/** One, or those of a group. */
	readonly students: readonly [Student, ...Student[]];
	/** What it was found as, for people: a file's or folder's name, or a repository. */
	readonly from: string;
	/** Whether the export marks it as handed in late. */
	readonly isLate: boolean;
	readonly source: Source;
}

/** A submission that has no name of its own yet. */
export type Unnamed = Omit<Submission, "slug">;

const SLUG_MAX_LENGTH = 80;

/** Gives each submission a name for its files: the student's, and their number if that alone is not unique. */
export function nameAll(found: readonly Unnamed[]): Submission[] {
	const taken = new Set<string>();
	return found.map((submission) => {
		const [student] = submission.students;
		const wanted = [
			slugOf(student.name),
			slugOf(`${student.name}-${student.id ?? student.sid ?? submission.from}`),
			slugOf(`${student.name}-${submission.from}`),
		];
		let slug = wanted.find((name) => !taken.has(name.toLowerCase()));
		for (let n = 2; slug === undefined; n++) {
			const numbered = `${wanted[0]}-${n}`;
			if (!taken.has(numbered.toLowerCase())) slug = numbered;
		}
		taken.add(slug.toLowerCase());
		return { ...submission, slug };
	});
}

/** Letters of all alphabets and digits stay; no name begins with a dot or a hyphen, or is one that Windows keeps for itself. */
function slugOf(name: string): string {
	const slug = name
		.normalize("NFC")
		.replaceAll(/[^\p{L}\p{M}\p{N}._-]+/gu, "-")
		.replaceAll(/^[-.]+|[-.]+$/g, "");
	const short = [...slug].slice(0, SLUG_MAX_LENGTH).join("");
	return short === "" || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(short) ? `student-${short}` : short;
}
