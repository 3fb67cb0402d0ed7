// The guards in plain words: why two are kept apart whatever speaks for one person.

const GUARDS: Readonly<Record<string, string>> = {
  cannot_link: 'A steward has ruled it out',
  unique_namespace: 'One person has one such id',
  type_cap: 'More of one kind than a person has',
  two_logins: 'Two e-mails that were both logged in with',
  oversize: 'Larger than any person',
  threshold: 'Alike, but not enough to be sure',
}

export function guardWords(guard: string): string {
  return GUARDS[guard] ?? guard.replaceAll('_', ' ')
}
