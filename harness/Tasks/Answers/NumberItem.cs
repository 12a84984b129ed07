namespace Harness.Tasks.Answers;

/// <summary>A number in a text, or something that looks like one.</summary>
/// <param name="Start">Its first character, sign and currency included.</param>
/// <param name="End">One past its last, percent sign and "million" included.</param>
/// <param name="Value">Null where it is no number, though it looks like one: 7^2, \sqrt{2}, 3:10, 2024-05-01.</param>
readonly record struct NumberItem(int Start, int End, NumberValue? Value);
