// The suffix half of Hunspell's format, which is all that the Russian dictionary uses (hunspell(5), "AFFIX FILE OPTIONS").

/**
 * @param {string} affixes text of the .aff file
 * @param {string} dictionary text of the .dic file
 * @returns {{lemma: string, forms: string[]}[]} each entry with the forms its flags make, itself first
 */
export function readHunspell(affixes, dictionary) {
  const rules = readSuffixes(affixes);
  return dictionary.split('\n').slice(1).filter(Boolean).map((line) => {
    const [lemma, flags = ''] = line.trim().split('/');
    const forms = new Set([lemma]);
    for (const { strip, add, condition } of [...flags].flatMap((flag) => rules.get(flag) ?? [])) {
      if (condition.test(lemma) && lemma.endsWith(strip)) {
        forms.add(lemma.slice(0, lemma.length - strip.length) + add);
      }
    }

    return { lemma, forms: [...forms] };
  });
}

function readSuffixes(affixes) {
  const rules = new Map();
  for (const line of affixes.split('\n')) {
    const [kind, flag, strip, add, condition] = line.trim().split(/\s+/);
    if (kind !== 'SFX' || condition === undefined) {
      continue;
    }

    const rule = { strip: strip === '0' ? '' : strip, add: add === '0' ? '' : add, condition: new RegExp(`(?:${condition})$`) };
    rules.set(flag, [...(rules.get(flag) ?? []), rule]);
  }

  return rules;
}
