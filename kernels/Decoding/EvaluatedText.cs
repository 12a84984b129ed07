namespace Harness.Kernels.Decoding;

/// <summary>A text that is read, and where the model is asked what it expects next.</summary>
/// <param name="Tokens">Within the model's context.</param>
/// <param name="Positions">Ascending, each below the number of tokens.</param>
public sealed record EvaluatedText(int[] Tokens, int[] Positions);

/// <summary>
/// What sees the logits [vocabulary] of the token after a position of a text, both in the order in which they were given; valid during the
/// call.
/// </summary>
/// <param name="text">0-based.</param>
/// <param name="position">0-based.</param>
/// <param name="logits">float32.</param>
public delegate void TextLogitsVisitor(int text, int position, ReadOnlySpan<float> logits);
