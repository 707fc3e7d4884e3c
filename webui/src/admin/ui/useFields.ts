import { useState } from 'react';
import type { Check } from '../lib/checks';

export interface FieldState {
  name: string;
  value: string;
  problem: string | undefined;
  change: (value: string) => void;
}

/** The texts of a form's fields, and what is wrong with them. */
export function useFields<Name extends string>(
  initial: Readonly<Record<Name, string>>,
  checks: Partial<Record<Name, Check>> = {},
) {
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<Partial<Record<Name, string | undefined>>>({});

  function change(name: Name, value: string) {
    setValues((current) => ({ ...current, [name]: value }));
    setProblems((current) => ({ ...current, [name]: undefined }));
  }

  return {
    values,
    change,
    /** The props of a field. */
    of: (name: Name): FieldState => ({
      name,
      value: values[name],
      problem: problems[name],
      change: (value) => {
        change(name, value);
      },
    }),
    /** Whether all fields are right. Otherwise shows what is wrong, and focuses the first wrong field of the form. */
    check(form: HTMLElement | null, others: Partial<Record<Name, string | undefined>> = {}): boolean {
      const names = Object.keys(values) as Name[];
      const found: Partial<Record<Name, string | undefined>> = {};
      for (const name of names) found[name] = checks[name]?.(values[name]) ?? others[name];
      setProblems(found);
      const wrong = names.filter((name) => found[name] !== undefined);
      const first = Array.from(form?.querySelectorAll<HTMLElement>('[name]') ?? []).find((element) =>
        wrong.includes(element.getAttribute('name') as Name),
      );
      first?.focus();
      return wrong.length === 0;
    },
  };
}
