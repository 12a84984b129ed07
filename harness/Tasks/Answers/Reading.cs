namespace Harness.Tasks.Answers;

/// <summary>What stands where an answer is stated.</summary>
/// <param name="Value">Null where what is stated there is no number.</param>
readonly record struct Reading(NumberValue? Value);
