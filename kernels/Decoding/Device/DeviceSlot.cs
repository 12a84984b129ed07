namespace Harness.Kernels.Decoding.Device;

/// <summary>A place for one sample in flight on a device: its number there, and the host's side of it.</summary>
/// <param name="index">Its number.</param>
/// <param name="mostTokens">Tokens of the longest answer.</param>
/// <param name="longestSequence">Tokens of the longest prompt with its answer.</param>
sealed class DeviceSlot(int index, int mostTokens, int longestSequence) : DecodingSlot(mostTokens, longestSequence)
{
    public int Index => index;

    /// <summary>Counts the samples that have been in this slot: what was drawn for an earlier one is not this one's.</summary>
    public int Tenant { get; private set; }

    /// <summary>Tokens that the device has been told to draw.</summary>
    public int Scheduled { get; set; }

    /// <summary>Whether a segment that brings its first token has been started.</summary>
    public bool Announced { get; set; }

    public override void Start(PromptState prompt, int sample, AnswerEnd end)
    {
        Tenant++;
        Scheduled = 0;
        Announced = false;
        base.Start(prompt, sample, end);
    }

    public override void End()
    {
        Tenant++;
        base.End();
    }
}
