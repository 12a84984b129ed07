namespace Harness.Training;

/// <summary>An answer of a model with what is known of it.</summary>
/// <param name="Prompt">Token ids, the begin token first.</param>
/// <param name="Answer">Of what was written, the end token included.</param>
/// <param name="Identity">Of the problem.</param>
/// <param name="Places">In the answer: the tokens after which it is judged, ascending, the last token among them.</param>
/// <param name="Goodness">Of each place, how good it is there, in [0, 1].</param>
public sealed record LabelledAnswer(
    int[] Prompt, int[] Answer, string Identity, IReadOnlyList<int> Places, IReadOnlyList<double> Goodness);
