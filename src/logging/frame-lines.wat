;; Lines become records, in one pass over their bytes: what ends a line or has to be encoded is searched for and copied at
;; the same time, sixteen bytes a step. frame-lines.ts gives out the memory, and leaves room behind each part of it: a step
;; reads and writes up to sixteen bytes too many.
(module
  (memory (export "memory") 9)

  ;; How many bytes of the lines the last call has taken.
  (global $taken (export "taken") (mut i32) (i32.const 0))

  (func $copy (param $from i32) (param $to i32) (param $length i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $to) (local.get $length)))
    (loop $step
      (v128.store (local.get $to) (v128.load (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 16)))
      (local.set $to (i32.add (local.get $to) (i32.const 16)))
      (br_if $step (i32.lt_u (local.get $to) (local.get $end)))))

  ;; Takes lines from $lines up to $end, the last of which has an end, and writes records from $records on. Stops before a
  ;; line that begins with the byte $apart, and before one that leads beyond $limit. Gives where the records end.
  ;;
  ;; $between   the tail of one record and the head of the next, of $length bytes, of which $tail are the tail
  ;; $escapes   for each byte that may have to be encoded, eight bytes: what stands for it, and last the length of that
  (func (export "frame")
    (param $lines i32) (param $end i32) (param $records i32) (param $limit i32)
    (param $between i32) (param $length i32) (param $tail i32) (param $escapes i32) (param $apart i32)
    (result i32)
    (local $at i32) (local $to i32) (local $bytes v128) (local $found i32) (local $byte i32) (local $escape i64)
    ;; Behind the last whole line, and behind its record.
    (local $taken i32) (local $done i32)
    (local.set $at (local.get $lines))
    (local.set $taken (local.get $lines))
    (local.set $done (local.get $records))
    (local.set $to (i32.sub (i32.add (local.get $records) (local.get $length)) (local.get $tail)))
    (call $copy
      (i32.add (local.get $between) (local.get $tail))
      (local.get $records)
      (i32.sub (local.get $length) (local.get $tail)))
    (block $over
      (loop $line
        (br_if $over (i32.ge_u (local.get $at) (local.get $end)))
        (br_if $over (i32.eq (i32.load8_u (local.get $at)) (local.get $apart)))
        (block $ended
          (loop $step
            (br_if $over (i32.gt_u (local.get $to) (local.get $limit)))
            (local.set $bytes (v128.load (local.get $at)))
            (v128.store (local.get $to) (local.get $bytes))
            ;; Control characters, quotes, backslashes: one bit for each of the sixteen bytes.
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
              (i64.load (i32.add (local.get $escapes) (i32.shl (local.get $byte) (i32.const 3)))))
            (i64.store (local.get $to) (local.get $escape))
            (local.set $to
              (i32.add (local.get $to) (i32.wrap_i64 (i64.shr_u (local.get $escape) (i64.const 56)))))
            (br $step)))
        (call $copy (local.get $between) (local.get $to) (local.get $length))
        (local.set $taken (local.get $at))
        (local.set $done (i32.add (local.get $to) (local.get $tail)))
        (local.set $to (i32.add (local.get $to) (local.get $length)))
        (br $line)))
    (global.set $taken (i32.sub (local.get $taken) (local.get $lines)))
    (local.get $done)))
