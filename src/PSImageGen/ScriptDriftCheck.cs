using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using PSImageGen.Core;
using PSImageGen.Core.Characters;

namespace PSImageGen;

/// <summary>
/// Compares pictures with a script block of the user, on the pipeline thread. Whatever is no clear answer leaves the picture unchecked: it is never
/// called the same character for want of an answer, nor made again.
/// </summary>
internal sealed class ScriptDriftCheck
{
    /// <summary>How alike pictures must be where the script says it in numbers and the user nothing.</summary>
    public const double UsualSimilarity = 0.6;

    private readonly ScriptBlock _script;
    private readonly double _least;
    private readonly Pump _pump;
    private readonly Cmdlet _cmdlet;
    private bool _warned;

    public ScriptDriftCheck(ScriptBlock script, double least, Pump pump, Cmdlet cmdlet)
    {
        (_script, _least, _pump, _cmdlet) = (script, least, pump, cmdlet);
    }

    /// <summary>Has the script run once the pipeline thread is free.</summary>
    public async Task<DriftAnswer> CompareAsync(string portrait, string picture, CancellationToken stop)
    {
        TaskCompletionSource<DriftAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration stopping = stop.Register(() => answer.TrySetCanceled(stop));
        _pump.Post(() => answer.TrySetResult(Compare(portrait, picture)));
        return await answer.Task.ConfigureAwait(false);
    }

    private DriftAnswer Compare(string portrait, string picture)
    {
        Collection<PSObject> output;
        try
        {
            output = _script.Invoke(portrait, picture);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            return Unclear(Words.Of($"it failed: {Core.Wire.PlainText.Clean(e.Message, 200)}"));
        }

        object? said = output.Count == 1 ? output[0]?.BaseObject : null;
        if (said is bool same)
            return new DriftAnswer(same ? DriftState.Passed : DriftState.Failed);
        double? number = said switch
        {
            double or float or decimal or int or long => Convert.ToDouble(said, CultureInfo.InvariantCulture),
            string text when double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double read) => read,
            _ => null,
        };
        return number is >= 0 and <= 1
            ? new DriftAnswer(number >= _least ? DriftState.Passed : DriftState.Failed, number)
            : Unclear(Words.Of("it did not give one number from 0 to 1, or true or false"));
    }

    private DriftAnswer Unclear(string why)
    {
        if (!_warned)
            _cmdlet.WriteWarning(Words.Of($"The drift check says nothing of use ({why}): the pictures concerned are not checked."));
        _warned = true;
        return new DriftAnswer(DriftState.NotChecked);
    }
}
