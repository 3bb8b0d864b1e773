package org.contactsync.queue.work;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import java.util.OptionalLong;
import org.contactsync.account.DeviceRows;
import org.contactsync.account.ErasedAccounts;
import org.contactsync.account.Sighting;
import org.contactsync.protocol.DeviceId;
import org.contactsync.protocol.Owner;
import org.contactsync.sync.Housekeeping;

/** Each method is one transaction, committed when it returns and rolled back when it throws. */
@ApplicationScoped
@Transactional(value = TxType.REQUIRES_NEW, rollbackOn = Exception.class)
@SuppressWarnings("NullAway.Init") // filled by the container
public class AccountTransaction {
    private DeviceRows devices;
    private ErasedAccounts erased;
    private Housekeeping housekeeping;

    /** For the container's proxy. */
    protected AccountTransaction() {}

    @Inject
    public AccountTransaction(DeviceRows devices, ErasedAccounts erased, Housekeeping housekeeping) {
        this.devices = devices;
        this.erased = erased;
        this.housekeeping = housekeeping;
    }

    /** See {@link DeviceRows#save}. */
    public void save(List<Sighting> sightings) {
        devices.save(sightings, housekeeping.now());
    }

    /** See {@link DeviceRows#forget}. */
    public boolean forget(Owner owner, DeviceId device) {
        return devices.forget(owner, device);
    }

    /** See {@link ErasedAccounts#erase}. */
    public OptionalLong erase(Owner owner) {
        return erased.erase(owner, housekeeping.now());
    }

    /** See {@link ErasedAccounts#due}. */
    public List<Long> findErased(int most) {
        return erased.due(housekeeping.now(), most);
    }

    /** See {@link ErasedAccounts#removeSome}. */
    public boolean removeErased(long book, int most) {
        return erased.removeSome(book, most, housekeeping.now());
    }
}
