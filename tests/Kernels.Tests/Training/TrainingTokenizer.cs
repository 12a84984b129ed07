namespace Kernels.Tests.Training;

/// <summary>A tokenizer.json of words "w0", "w1", ....</summary>
static class TrainingTokenizer
{
    public static object Words(int count) => new
    {
        added_tokens = Array.Empty<object>(),
        normalizer = (object?)null,
        pre_tokenizer = new { type = "WhitespaceSplit" },
        post_processor = (object?)null,
        decoder = (object?)null,
        model = new
        {
            type = "WordLevel",
            vocab = Enumerable.Range(0, count).ToDictionary(id => $"w{id}"),
            unk_token = "w0",
        },
    };
}
