import { useEffect, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Card from 'react-bootstrap/Card';
import Form from 'react-bootstrap/Form';
import InputGroup from 'react-bootstrap/InputGroup';
import Placeholder from 'react-bootstrap/Placeholder';
import { isUnknown, useLiveRank } from '../api/rank';
import { useFailure } from '../api/useFailure';
import { announce } from '../app/announcer';
import { number } from '../app/format';
import { FIRST_BOARD, lookUp, useBoardName, usePlayerInAddress } from '../app/location';
import { Trouble } from '../key/Trouble';
import { userIdFault } from '../submission/validation';
import { Neighbours } from './Neighbours';

export function PlayerCard() {
  const inAddress = usePlayerInAddress();
  return (
    <Card as="section" aria-labelledby="player-title">
      <Card.Header>
        <h2 id="player-title">Find a player</h2>
        {inAddress !== null && (
          <Button
            variant="link"
            size="sm"
            onClick={() => {
              lookUp(null);
            }}
          >
            Clear
          </Button>
        )}
      </Card.Header>
      <Card.Body>
        <LookUp inAddress={inAddress ?? ''} />
        {inAddress !== null && userIdFault(inAddress) === undefined && (
          <Found key={`player ${inAddress}`} userId={Number(inAddress)} />
        )}
      </Card.Body>
    </Card>
  );
}

function faultOf(inAddress: string): string | undefined {
  return inAddress === '' ? undefined : userIdFault(inAddress);
}

function LookUp({ inAddress }: { inAddress: string }) {
  const [text, setText] = useState(inAddress);
  const [fault, setFault] = useState(faultOf(inAddress));
  const [before, setBefore] = useState(inAddress);
  // The address is the truth: whoever comes with another one finds it in the field. What cannot be looked up is in
  // no address, and stays in the field with its fault.
  if (before !== inAddress) {
    setBefore(inAddress);
    if (inAddress !== '' || fault === undefined) {
      setText(inAddress);
      setFault(faultOf(inAddress));
    }
  }
  return (
    <Form
      noValidate
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const found = userIdFault(text);
        setFault(found);
        // Nobody is shown beside a search that found nobody.
        lookUp(found === undefined ? Number(text.trim()) : null);
      }}
    >
      <InputGroup>
        <Form.Control
          id="look-up"
          aria-label="Player id to find"
          aria-describedby={fault === undefined ? undefined : 'look-up-fault'}
          placeholder="Player id"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          isInvalid={fault !== undefined}
          onChange={(event) => {
            setText(event.target.value);
            setFault(undefined);
          }}
        />
        <Button type="submit" variant="outline-primary">
          Find
        </Button>
      </InputGroup>
      {fault !== undefined && (
        <div id="look-up-fault" className="field-fault" role="alert">
          {fault}
        </div>
      )}
    </Form>
  );
}

function Found({ userId }: { userId: number }) {
  const board = useBoardName();
  const query = useLiveRank(userId);
  const { data } = query;
  const failure = useFailure(query);
  const unknown = isUnknown(failure);
  const told = unknown
    ? `There is no player ${userId}.`
    : data &&
      `${data.username}: rank ${number(data.rank)} of ${number(data.players)}, total ${number(data.total_score)}.`;

  useEffect(() => {
    if (told) announce(told);
  }, [told]);

  if (unknown) {
    return (
      <div className="not-found" data-testid="not-found">
        <p className="empty-title">
          {board === FIRST_BOARD
            ? `No player has the id ${userId}.`
            : `No player with the id ${userId} is on this board.`}
        </p>
        <p>Ids are the game&rsquo;s own numbers. A player appears here with the first score.</p>
      </div>
    );
  }
  if (!data) {
    if (failure) {
      return (
        <p className="field-fault mt-3" role="alert">
          <Trouble error={failure}>This page tries again by itself.</Trouble>
        </p>
      );
    }
    return (
      <Placeholder as="div" animation="glow" className="found" aria-hidden="true">
        <Placeholder xs={5} size="lg" />
        <Placeholder xs={12} />
        <Placeholder xs={9} />
      </Placeholder>
    );
  }
  return (
    <div className="found" data-testid="found">
      <p className="found-name">
        <bdi>{data.username}</bdi> <span className="player-id">#{data.user_id}</span>
      </p>
      <dl className="figures">
        <div>
          <dt>Rank</dt>
          <dd>
            {number(data.rank)} <small>of {number(data.players)}</small>
          </dd>
        </div>
        <div>
          <dt>Total</dt>
          <dd>{number(data.total_score)}</dd>
        </div>
        <div>
          <dt>Percentile</dt>
          <dd title={`At least as good as ${data.percentile}% of the players`}>{data.percentile}</dd>
        </div>
      </dl>
      {failure && (
        <p className="field-fault">
          This is the last that is known. <Trouble error={failure} />
        </p>
      )}
      <Neighbours userId={userId} />
    </div>
  );
}
