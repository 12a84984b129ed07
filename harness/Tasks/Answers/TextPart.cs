namespace Harness.Tasks.Answers;

/// <summary>A part of a text, from its first character to one past its last.</summary>
readonly record struct TextPart(int Start, int End);
