/** A text with `{placeholders}`, or its forms by plural category of `count`. */
export type Text = string | Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
