/** The page's element of that id. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
	const found = document.getElementById(id);
	if (found === null) throw new Error(`the page has no #${id}`);
	return found as Kind;
}

/** A new element. Texts stay texts, whatever a submission has put into them. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
	tag: Tag,
	about: { readonly class?: string; readonly text?: string } = {},
	children: readonly Node[] = [],
): HTMLElementTagNameMap[Tag] {
	const made = document.createElement(tag);
	if (about.class !== undefined) made.className = about.class;
	if (about.text !== undefined) made.textContent = about.text;
	made.append(...children);
	return made;
}

/** A list of terms and what they mean. */
export function terms(entries: readonly (readonly [string, string])[]): HTMLDListElement {
	const nodes = entries.flatMap(([term, text]) => [element("dt", { text: term }), element("dd", { text })]);
	return element("dl", {}, nodes);
}
