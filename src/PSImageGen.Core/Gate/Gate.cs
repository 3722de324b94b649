using PSImageGen.Core.Planning;

namespace PSImageGen.Core.Gate;

/// <summary>The user's voice. The cmdlet answers with ShouldProcess.</summary>
public interface IConsent
{
    /// <summary>Asks whether a plan may be carried out.</summary>
    /// <returns>True for a yes; false for a no, or when only a rehearsal was asked for.</returns>
    /// <exception cref="AIImageException"><c>ConsentRequired</c>: nobody can be asked.</exception>
    bool Ask(Plan plan);
}

/// <summary>
/// A call the user has agreed to: these candidates, at most this price. Its only constructor is private and its only maker the
/// <see cref="Gate"/> inside it, so that the compiler keeps the promise that nothing is paid for without consent.
/// </summary>
public sealed class ApprovedCall
{
    private ApprovedCall(Plan plan, Reservation reservation)
    {
        Plan = plan;
        Reservation = reservation;
        Ceiling = plan.Highest is [var one] ? one.Amount : null;
    }

    /// <summary>What was shown.</summary>
    public Plan Plan { get; }

    /// <summary>The highest price shown; null when that of a candidate was shown as unknown, or they are in several currencies.</summary>
    public decimal? Ceiling { get; }

    /// <summary>The money set aside for it.</summary>
    public Reservation Reservation { get; }

    /// <summary>The one place where consent is given.</summary>
    public static class Gate
    {
        /// <summary>Checks the budget, asks, and sets the money aside. No consent makes a budget larger.</summary>
        /// <param name="plan">What is to be done.</param>
        /// <param name="consent">Who is asked.</param>
        /// <param name="budget">The ceilings.</param>
        /// <param name="recordPath">Where the record of the run will be, or is; null where only the pipeline's ceiling counts.</param>
        /// <returns>The approved call, or null for a no.</returns>
        /// <exception cref="AIImageException"><c>BudgetExceeded</c> or <c>ConsentRequired</c>.</exception>
        public static ApprovedCall? Approve(Plan plan, IConsent consent, Budget budget, string? recordPath = null)
        {
            ArgumentNullException.ThrowIfNull(plan);
            ArgumentNullException.ThrowIfNull(consent);
            ArgumentNullException.ThrowIfNull(budget);
            budget.Check(plan, recordPath);
            return consent.Ask(plan) ? new ApprovedCall(plan, budget.Reserve(plan, recordPath)) : null;
        }
    }
}
