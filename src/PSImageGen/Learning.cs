using System.Management.Automation;
using System.Net;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Wire;

namespace PSImageGen;

/// <summary>Vendors that tell their models, limits and prices at run time are asked once, before anything is planned with them.</summary>
internal static class Learning
{
    /// <summary>Asks them. It is free.</summary>
    /// <exception cref="PipelineStoppedException">The user stopped.</exception>
    public static void Learn(this Planner planner, Selection selection, Cmdlet command, IWebProxy? proxy, CancellationToken stop)
    {
        if (!planner.MayLearn(selection))
            return;
        using Transport transport = new(proxy);
        try
        {
            foreach (string line in planner.LearnAsync(selection, transport, stop).GetAwaiter().GetResult())
                command.WriteVerbose(line);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }
}
