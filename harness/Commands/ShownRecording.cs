using Harness.Pools;

namespace Harness.Commands;

/// <summary>A sample of a recorded pool: its text lies in its file, and nothing is known of its tokens.</summary>
sealed class ShownRecording(ReplayedSample sample) : IShownSample
{
    public void Print(TextWriter output, bool withTokens)
    {
        if (sample.Problem.Question.Length > 0)
            output.WriteLine(sample.Problem.Question);
        output.WriteLine($"--- pool {sample.Row.Pool}, problem {sample.Row.Problem}, sample {sample.Row.Sample} ---");
        output.WriteLine(sample.Text ?? "(the recording has no text)");
        string answer = sample.Row.Answer.Length == 0 ? "none" : sample.Row.Answer;
        string gold = sample.Problem.Answer.Length == 0 ? "" : $"; right: {sample.Problem.Answer}";
        output.WriteLine($"answer: {answer} ({(sample.Row.Correct == 1 ? "right" : $"wrong{gold}")}), recorded");
    }

    public object Line() => new
    {
        sample.Row.Pool,
        sample.Row.Problem,
        sample.Row.Sample,
        sample.Problem.Question,
        sample.Text,
        sample.Row.Answer,
        Gold = sample.Problem.Answer,
        Correct = sample.Row.Correct == 1,
    };

    public object Full() => Line();
}
