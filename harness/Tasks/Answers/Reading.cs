namespace Harness.Tasks.Answers;

/// <summary>What is read at the place where a text states its answer.</summary>
/// <param name="Value">Null where what is stated there is no number.</param>
readonly record struct Reading(NumberValue? Value);
