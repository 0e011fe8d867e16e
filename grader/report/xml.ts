/** An element of an XML document. Text in it stands as it is. */
export interface XmlElement {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string | number>>;
	readonly children: readonly (XmlElement | string)[];
}

/** Makes an {@link XmlElement}. */
export function element(
	name: string,
	attributes: XmlElement["attributes"],
	children: XmlElement["children"] = [],
): XmlElement {
	return { name, attributes, children };
}

/** An XML 1.0 document, indented by tabs. An element that has text must have nothing else. */
export function xmlDocument(root: XmlElement): string {
	return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, "")}`;
}

function write({ name, attributes, children }: XmlElement, indent: string): string {
	const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escapeXml(String(value))}"`)];
	const open = `${indent}<${start.join(" ")}`;
	if (children.length === 0) return `${open}/>\n`;
	const text = children.filter((child) => typeof child === "string");
	if (text.length > 0) return `${open}>${escapeXml(text.join(""))}</${name}>\n`;
	const inside = children.filter((child) => typeof child !== "string");
	return `${open}>\n${inside.map((child) => write(child, `${indent}\t`)).join("")}${indent}</${name}>\n`;
}

/** What XML 1.0 forbids, even as a reference. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&apos;",
};

/** A text as XML 1.0 takes it, in an attribute or between tags. What XML forbids becomes U+FFFD. */
export function escapeXml(text: string): string {
	return text
		.replaceAll(FORBIDDEN, "\ufffd")
		.replaceAll(/[&<>"']/g, (character) => REFERENCES[character] ?? "")
		.replaceAll("\r", "&#13;");
}
