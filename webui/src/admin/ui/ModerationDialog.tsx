import type { ActBody, ActKind, Effect } from '../api/moderation';
import { moderate } from '../api/moderation';
import { required } from '../lib/checks';
import { TIME_ZONE, toInstant } from '../lib/time';
import { ActDialog } from './ActDialog';
import { changesNothing, describeDone, describeEffect } from './effect';
import { Field } from './Field';
import { useFields } from './useFields';

interface Props {
  kind: ActKind;
  title: string;
  /** What the act means, above the fields. */
  explanation: React.ReactNode;
  /** Whom or what it is about. */
  target: Omit<ActBody, 'reason' | 'until'>;
  yes: string;
  /** Whether the act may end by itself. */
  hasUntil?: boolean;
  /** More fields, which make the target. */
  fields?: React.ReactNode;
  check?: (form: HTMLElement | null) => boolean;
  onClose: () => void;
}

function untilProblem(text: string): string | undefined {
  const until = toInstant(text);
  if (until === undefined || new Date(until) > new Date()) return undefined;
  return 'Choose a time in the future.';
}

/** An act of moderation: asks for its reason, shows the dry run, and does it. */
export function ModerationDialog(props: Props) {
  const { kind, title, explanation, target, yes, hasUntil = false, fields, check, onClose } = props;
  const form = useFields({ reason: '', until: '' }, { reason: required('a reason', 500), until: untilProblem });
  const body: ActBody = {
    ...target,
    reason: form.values.reason.trim(),
    ...(hasUntil ? { until: toInstant(form.values.until) } : {}),
  };
  return (
    <ActDialog<Effect, Effect>
      act={{
        title,
        fields: (
          <>
            <p>{explanation}</p>
            {fields}
            {hasUntil && (
              <Field
                label="Until"
                kind="moment"
                field={form.of('until')}
                hint={`Empty: until it is lifted. In the time zone of this computer, ${TIME_ZONE}.`}
              />
            )}
            <Field label="Reason" field={form.of('reason')} hint="For the moderation log." />
          </>
        ),
        check: (element) => {
          const othersAreRight = check?.(element) ?? true;
          // The first wrong field gets the focus, so check the last ones only after that.
          return othersAreRight && form.check(element);
        },
        preview: (signal) => moderate(kind, body, true, signal),
        describe: (effect) =>
          changesNothing(effect) ? (
            <p>Nothing would change.</p>
          ) : (
            <p>
              <strong>{describeEffect(effect)}.</strong>
            </p>
          ),
        isNothing: changesNothing,
        yes,
        run: () => moderate(kind, body, false),
        done: (effect) => describeDone(kind, effect),
      }}
      onClose={onClose}
    />
  );
}
