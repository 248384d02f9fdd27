notes({
  s1: [[1, 1, "<p>Say good morning.</p>"]],
  s2: [[1, 1, "<p>The note of the first step.</p>"], [2, 3, "<p>The note of the later steps.</p>"]],
  s3: [[1, 4, "<p>One note for all steps.</p>"]],
  s3w1: [[1, 2, "<p>Let it hang for a while.</p>"]],
  s5: [[1, 1, "<p>A paragraph of a long note, which would push everything else out of a window that let it.</p>".repeat(40)]],
});
