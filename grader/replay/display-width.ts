/** Characters that take two places in a terminal. */
const WIDE =
	/\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/gu;
/** Characters that take none. */
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/gu;
const ASCII = /^[\x20-\x7e]*$/;

/** How many places text takes in a terminal. */
export function displayWidth(text: string): number {
	if (ASCII.test(text)) return text.length;
	const characters = [...text].length;
	return characters + (text.match(WIDE)?.length ?? 0) - (text.match(NARROW)?.length ?? 0);
}
