;; Lines become records, in one pass over their bytes: what ends a line or has to be encoded is searched for and copied at
;; the same time, sixteen bytes a step. line-framer.ts gives out the memory, and leaves room behind each part of it: a step
;; reads and writes up to sixteen bytes too many.
(module
  (memory (export "memory") 9)

  ;; For each byte that may have to be encoded, eight bytes: what stands for it, and last the length of that.
  (global $escapes (export "escapes") i32 (i32.const 0))
  ;; The brackets that are open, for as many as may be.
  (global $brackets i32 (i32.const 1024))
  (global $deepest i32 (i32.const 100))
  ;; No place of a line.
  (global $unsure i32 (i32.const 1))
  ;; From here on, memory is the caller's.
  (global (export "free") i32 (i32.const 1152))

  ;; The tail of one record and the head of the next: where, how long, and how much of it is the tail.
  (global $between (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))
  (global $tail (mut i32) (i32.const 0))
  ;; The same for records that hold an object: what stands before it, and behind it up to the next message.
  (global $before (mut i32) (i32.const 0))
  (global $beforeLength (mut i32) (i32.const 0))
  (global $behind (mut i32) (i32.const 0))
  (global $behindLength (mut i32) (i32.const 0))
  (global $behindTail (mut i32) (i32.const 0))

  ;; How many bytes of the lines the last call has taken.
  (global $taken (export "taken") (mut i32) (i32.const 0))

  ;; Of the object that was read last: its end, and where its `msg` and `message` are, if they are texts.
  (global $objectEnd (mut i32) (i32.const 0))
  (global $msg (mut i32) (i32.const 0))
  (global $msgEnd (mut i32) (i32.const 0))
  (global $message (mut i32) (i32.const 0))
  (global $messageEnd (mut i32) (i32.const 0))
  ;; Whether the text that was read last has escapes besides those that JSON.stringify makes.
  (global $hasEscapes (mut i32) (i32.const 0))

  (func (export "use")
    (param $between i32) (param $length i32) (param $tail i32)
    (param $before i32) (param $beforeLength i32)
    (param $behind i32) (param $behindLength i32) (param $behindTail i32)
    (global.set $between (local.get $between))
    (global.set $length (local.get $length))
    (global.set $tail (local.get $tail))
    (global.set $before (local.get $before))
    (global.set $beforeLength (local.get $beforeLength))
    (global.set $behind (local.get $behind))
    (global.set $behindLength (local.get $behindLength))
    (global.set $behindTail (local.get $behindTail)))

  ;; Takes lines from $lines up to $end, the last of which has an end, and writes records from $records on. Stops before a
  ;; line that leads beyond $limit; and with $hasObjects before one that is an object which cannot be kept as it is. Gives
  ;; where the records end.
  (func (export "frame")
    (param $lines i32) (param $end i32) (param $records i32) (param $limit i32) (param $hasObjects i32)
    (result i32)
    (local $at i32) (local $to i32) (local $bytes v128) (local $found i32) (local $byte i32) (local $escape i64)
    (local $next i32)
    ;; Behind the last whole line, and behind its record.
    (local $taken i32) (local $done i32)
    (local.set $at (local.get $lines))
    (local.set $taken (local.get $lines))
    (local.set $done (local.get $records))
    (local.set $to
      (call $copy
        (i32.add (global.get $between) (global.get $tail))
        (local.get $records)
        (i32.sub (global.get $length) (global.get $tail))))
    (block $over
      (loop $line
        (br_if $over (i32.ge_u (local.get $at) (local.get $end)))
        (if
          (i32.and
            (local.get $hasObjects)
            (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x7b)))
          (then
            (local.set $next (call $object (local.get $at)))
            (if (local.get $next)
              (then
                (br_if $over (i32.eq (local.get $next) (global.get $unsure)))
                (br_if $over (i32.eqz (global.get $beforeLength)))
                ;; The message is a part of the line.
                (br_if $over
                  (i32.gt_u
                    (i32.add
                      (i32.add (local.get $to) (global.get $beforeLength))
                      (i32.shl (i32.sub (local.get $next) (local.get $at)) (i32.const 1)))
                    (local.get $limit)))
                (if (global.get $msg)
                  (then
                    (local.set $to
                      (call $copy
                        (global.get $msg)
                        (local.get $to)
                        (i32.sub (global.get $msgEnd) (global.get $msg)))))
                  (else
                    (local.set $to
                      (call $copy
                        (global.get $message)
                        (local.get $to)
                        (i32.sub (global.get $messageEnd) (global.get $message))))))
                (local.set $to (call $copy (global.get $before) (local.get $to) (global.get $beforeLength)))
                (local.set $to
                  (call $copy
                    (local.get $at)
                    (local.get $to)
                    (i32.sub (global.get $objectEnd) (local.get $at))))
                (local.set $done (i32.add (local.get $to) (global.get $behindTail)))
                (local.set $to (call $copy (global.get $behind) (local.get $to) (global.get $behindLength)))
                (local.set $at (local.get $next))
                (local.set $taken (local.get $at))
                (br $line)))))
        (block $ended
          (loop $step
            (br_if $over (i32.gt_u (local.get $to) (local.get $limit)))
            (local.set $bytes (v128.load (local.get $at)))
            (v128.store (local.get $to) (local.get $bytes))
            ;; As $special, which would cost as much again: nothing is inlined.
            (local.set $found
              (i8x16.bitmask
                (v128.or
                  (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20)))
                  (v128.or
                    (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
                    (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))))
            (if (i32.eqz (local.get $found))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 16)))
                (local.set $to (i32.add (local.get $to) (i32.const 16)))
                (br $step)))
            (local.set $found (i32.ctz (local.get $found)))
            (local.set $to (i32.add (local.get $to) (local.get $found)))
            (local.set $at (i32.add (local.get $at) (local.get $found)))
            (local.set $byte (i32.load8_u (local.get $at)))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $ended (i32.eq (local.get $byte) (i32.const 0x0a)))
            ;; A return before the end of the line belongs to the end.
            (if
              (i32.and
                (i32.eq (local.get $byte) (i32.const 0x0d))
                (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x0a)))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 1)))
                (br $ended)))
            (local.set $escape
              (i64.load (i32.add (global.get $escapes) (i32.shl (local.get $byte) (i32.const 3)))))
            (i64.store (local.get $to) (local.get $escape))
            (local.set $to
              (i32.add (local.get $to) (i32.wrap_i64 (i64.shr_u (local.get $escape) (i64.const 56)))))
            (br $step)))
        (local.set $done (i32.add (local.get $to) (global.get $tail)))
        (local.set $to (call $copy (global.get $between) (local.get $to) (global.get $length)))
        (local.set $taken (local.get $at))
        (br $line)))
    (global.set $taken (i32.sub (local.get $taken) (local.get $lines)))
    (local.get $done))

  ;; Gives where the copy ends.
  (func $copy (param $from i32) (param $to i32) (param $length i32) (result i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (local.get $length)))
    (loop $step
      (v128.store (local.get $to) (v128.load (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 16)))
      (br_if $step (i32.lt_u (local.get $to) (local.get $end))))
    (local.get $end))

  ;; Control characters, quotes, backslashes: one bit for each of the sixteen bytes.
  (func $special (param $bytes v128) (result i32)
    (i8x16.bitmask
      (v128.or
        (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20)))
        (v128.or
          (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
          (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c)))))))

  ;; Reads a line that is a JSON object (RFC 8259) from its brace on. Gives where the next line begins; 0 when it is none;
  ;; $unsure when it has to be read more closely: escapes in a name or message, many brackets in each other. The end of the
  ;; line is no part of JSON, and so stops everything.
  (func $object (param $at i32) (result i32)
    (local $depth i32) (local $byte i32) (local $start i32)
    ;; 0: a value comes, 1: a name, 2: what stands behind a value.
    (local $state i32)
    ;; Whose value comes, in the object itself. 1: msg, 2: message.
    (local $name i32)
    (global.set $msg (i32.const 0))
    (global.set $message (i32.const 0))
    (global.set $messageEnd (i32.const 0))
    (loop $next
      (local.set $at (call $spaces (local.get $at)))
      (local.set $byte (i32.load8_u (local.get $at)))
      (block $behind
        (block $named
          (block $value
            (br_table $value $named $behind (local.get $state)))
          (local.set $state (i32.const 2))
          ;; { or [
          (if (i32.eq (i32.and (local.get $byte) (i32.const 0xdf)) (i32.const 0x5b))
            (then
              (if (i32.ge_u (local.get $depth) (global.get $deepest)) (then (return (global.get $unsure))))
              (i32.store8 (i32.add (global.get $brackets) (local.get $depth)) (local.get $byte))
              (local.set $depth (i32.add (local.get $depth) (i32.const 1)))
              (local.set $at (call $spaces (i32.add (local.get $at) (i32.const 1))))
              ;; The bracket that closes is two letters further on. One that is empty is closed where others are.
              (if (i32.ne (i32.load8_u (local.get $at)) (i32.add (local.get $byte) (i32.const 2)))
                (then (local.set $state (i32.eq (local.get $byte) (i32.const 0x7b)))))
              (br $next)))
          ;; "
          (if (i32.eq (local.get $byte) (i32.const 0x22))
            (then
              (local.set $start (i32.add (local.get $at) (i32.const 1)))
              (local.set $at (call $text (local.get $start)))
              (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
              (if (i32.and (i32.eq (local.get $depth) (i32.const 1)) (i32.ne (local.get $name) (i32.const 0)))
                (then
                  (if (global.get $hasEscapes) (then (return (global.get $unsure))))
                  (if (i32.eq (local.get $name) (i32.const 1))
                    (then
                      (global.set $msg (local.get $start))
                      (global.set $msgEnd (i32.sub (local.get $at) (i32.const 1))))
                    (else
                      (global.set $message (local.get $start))
                      (global.set $messageEnd (i32.sub (local.get $at) (i32.const 1)))))))
              (br $next)))
          ;; true, null, false
          (if
            (i32.or
              (i32.eq (i32.load (local.get $at)) (i32.const 0x65757274))
              (i32.eq (i32.load (local.get $at)) (i32.const 0x6c6c756e)))
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 4)))
              (br $next)))
          (if
            (i32.and
              (i32.eq (local.get $byte) (i32.const 0x66))
              (i32.eq (i32.load offset=1 (local.get $at)) (i32.const 0x65736c61)))
            (then
              (local.set $at (i32.add (local.get $at) (i32.const 5)))
              (br $next)))
          (local.set $at (call $number (local.get $at)))
          (br_if $next (local.get $at))
          (return (i32.const 0)))
        ;; A name.
        (if (i32.ne (local.get $byte) (i32.const 0x22)) (then (return (i32.const 0))))
        (local.set $start (i32.add (local.get $at) (i32.const 1)))
        (local.set $at (call $text (local.get $start)))
        (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))
        (if (i32.eq (local.get $depth) (i32.const 1))
          (then
            (if (global.get $hasEscapes) (then (return (global.get $unsure))))
            (local.set $name (call $nameOf (local.get $start)))
            ;; The last of several values counts.
            (if (i32.eq (local.get $name) (i32.const 1)) (then (global.set $msg (i32.const 0))))
            (if (i32.eq (local.get $name) (i32.const 2))
              (then
                (global.set $message (i32.const 0))
                (global.set $messageEnd (i32.const 0))))))
        (local.set $at (call $spaces (local.get $at)))
        (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3a)) (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $state (i32.const 0))
        (br $next))
      ;; Behind a value.
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eqz (local.get $depth))
        (then
          (return (select (local.get $at) (i32.const 0) (i32.eq (local.get $byte) (i32.const 0x0a))))))
      (local.set $start
        (i32.load8_u (i32.sub (i32.add (global.get $brackets) (local.get $depth)) (i32.const 1))))
      (if (i32.eq (local.get $byte) (i32.const 0x2c))
        (then
          (local.set $state (i32.eq (local.get $start) (i32.const 0x7b)))
          (br $next)))
      (if (i32.ne (local.get $byte) (i32.add (local.get $start) (i32.const 2))) (then (return (i32.const 0))))
      (local.set $depth (i32.sub (local.get $depth) (i32.const 1)))
      (global.set $objectEnd (local.get $at))
      (br $next))
    (unreachable))

  ;; 1: msg, 2: message, 0: another. Each with the quote behind it.
  (func $nameOf (param $start i32) (result i32)
    (if (i32.eq (i32.load (local.get $start)) (i32.const 0x2267736d)) (then (return (i32.const 1))))
    (i32.shl (i64.eq (i64.load (local.get $start)) (i64.const 0x226567617373656d)) (i32.const 1)))

  (func $spaces (param $at i32) (result i32)
    (local $byte i32)
    (loop $step
      (local.set $byte (i32.load8_u (local.get $at)))
      (if
        (i32.or
          (i32.eq (local.get $byte) (i32.const 0x20))
          (i32.or
            (i32.eq (local.get $byte) (i32.const 0x09))
            (i32.eq (local.get $byte) (i32.const 0x0d))))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $step))))
    (local.get $at))

  ;; Gives what is behind the quote that ends the text; 0 when none does.
  (func $text (param $at i32) (result i32)
    (local $found i32) (local $byte i32)
    (global.set $hasEscapes (i32.const 0))
    (loop $step
      (local.set $found (call $special (v128.load (local.get $at))))
      (if (i32.eqz (local.get $found))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $step)))
      (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $found))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (i32.eq (local.get $byte) (i32.const 0x22)) (then (return (local.get $at))))
      (if (i32.ne (local.get $byte) (i32.const 0x5c)) (then (return (i32.const 0))))
      (local.set $byte (i32.load8_u (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      ;; " \ b f n r t
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x22)))
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x5c)))
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x62)))
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x66)))
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x6e)))
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x72)))
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x74)))
      (global.set $hasEscapes (i32.const 1))
      ;; /
      (br_if $step (i32.eq (local.get $byte) (i32.const 0x2f)))
      ;; u and four digits
      (if (i32.ne (local.get $byte) (i32.const 0x75)) (then (return (i32.const 0))))
      (local.set $found (i32.add (local.get $at) (i32.const 4)))
      (loop $digit
        (if (i32.eqz (call $isHex (i32.load8_u (local.get $at)))) (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br_if $digit (i32.lt_u (local.get $at) (local.get $found))))
      (br $step))
    (unreachable))

  (func $isHex (param $byte i32) (result i32)
    (i32.or
      (i32.lt_u (i32.sub (local.get $byte) (i32.const 0x30)) (i32.const 10))
      (i32.lt_u (i32.sub (i32.or (local.get $byte) (i32.const 0x20)) (i32.const 0x61)) (i32.const 6))))

  ;; Gives what is behind the number; 0 when there is none.
  (func $number (param $at i32) (result i32)
    (local $byte i32)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x30))
      (then (local.set $at (i32.add (local.get $at) (i32.const 1))))
      (else
        (local.set $at (call $digits (local.get $at)))
        (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e))
      (then
        (local.set $at (call $digits (i32.add (local.get $at) (i32.const 1))))
        (if (i32.eqz (local.get $at)) (then (return (i32.const 0))))))
    (if (i32.eq (i32.or (i32.load8_u (local.get $at)) (i32.const 0x20)) (i32.const 0x65))
      (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $byte (i32.load8_u (local.get $at)))
        (if
          (i32.or
            (i32.eq (local.get $byte) (i32.const 0x2b))
            (i32.eq (local.get $byte) (i32.const 0x2d)))
          (then (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $at (call $digits (local.get $at)))))
    (local.get $at))

  ;; Gives what is behind the digits; 0 when there are none.
  (func $digits (param $at i32) (result i32)
    (local $start i32)
    (local.set $start (local.get $at))
    (loop $step
      (if (i32.lt_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)) (i32.const 10))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (br $step))))
    (select (local.get $at) (i32.const 0) (i32.ne (local.get $at) (local.get $start)))))
